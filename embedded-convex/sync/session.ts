/**
 * One client's connection. Messages are handled strictly in order, although checking a token takes a while.
 * Mutations of one client run in the order they were sent, with the identity of that moment.
 *
 * A flush answers what has come since the last one with a single Transition: it runs every stale query on one
 * snapshot, so no result is of a later state than another, and moves the client to that snapshot's timestamp.
 */
import type { JSONValue } from "convex/values";
import { randomUUID } from "node:crypto";
import type { Engine, FunctionCall } from "../engine";
import type { Identity } from "../auth/identity";
import type { Authenticator } from "../auth/authenticator";
import { clientCaller } from "../functions/caller";
import type { Access } from "../functions/invoke";
import { Lane } from "../functions/lane";
import type { FailedOutcome } from "../functions/outcome";
import { unsupported } from "../values/unsupported";
import type { AnsweredMutations } from "./answered_mutations";
import { LiveQuery } from "./live_query";
import {
  chunksOf,
  ClientMessage,
  decodeTimestamp,
  encodeTimestamp,
  transitionText,
  type MessageOf,
  type StateVersion,
} from "./messages";
import type { Subscriptions } from "./subscriptions";

/** Longer Transitions travel in parts. */
const MAX_MESSAGE_CHARS = 1024 * 1024;

/** `setTimeout` fires at once for more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface SessionHost {
  engine: Engine;
  authenticator: Authenticator;
  subscriptions: Subscriptions;
  answered: AnsweredMutations;
}

export interface Wire {
  send(text: string): void;
  close(code: number, reason: string): void;
  ip: string | null;
  userAgent: string | null;
}

export class SyncSession {
  /** What the client has. */
  private version: StateVersion = { querySet: 0, identity: 0, ts: 0n };
  /** What its messages have asked for. */
  private wanted = { querySet: 0, identity: 0 };
  private readonly queries = new Map<number, LiveQuery>();
  private readonly removed: number[] = [];
  private readonly inbox = new Lane();
  private readonly mutations = new Lane();
  private sessionId: string | null = null;
  private clockSkew: number | undefined;
  private identity: Identity | null = null;
  private access: Access = "public";
  private expiry: NodeJS.Timeout | null = null;
  private transitionDue = false;
  private flushing = false;
  private closed = false;

  constructor(
    private readonly host: SessionHost,
    private readonly wire: Wire,
  ) {}

  /** Takes one frame. */
  receive(text: string): void {
    const received = Date.now();
    void this.inbox.run(async () => {
      if (this.closed) return;
      try {
        await this.handle(parseMessage(text), received);
      } catch (error) {
        this.fatal(error instanceof Error ? error.message : String(error));
      }
    });
  }

  /** Runs every query again: the functions have changed. */
  functionsChanged(): void {
    for (const query of this.queries.values()) query.invalidate();
    this.requestFlush();
  }

  ping(): void {
    this.send('{"type":"Ping"}');
  }

  /** The socket is gone. Mutations that are under way finish. */
  end(): void {
    this.closed = true;
    if (this.expiry !== null) clearTimeout(this.expiry);
    for (const query of this.queries.values()) query.drop();
    this.queries.clear();
  }

  private async handle(message: ClientMessage, received: number): Promise<void> {
    if (message.type !== "Connect" && this.sessionId === null)
      throw new Error("The first message must be Connect");
    switch (message.type) {
      case "Connect": {
        this.connect(message, received);
        return;
      }
      case "Authenticate": {
        await this.authenticate(message);
        return;
      }
      case "ModifyQuerySet": {
        this.modifyQuerySet(message);
        return;
      }
      case "Mutation": {
        this.mutate(message);
        return;
      }
      case "Action": {
        this.act(message);
        return;
      }
      case "Event":
        // Telemetry of the client.
        return;
    }
  }

  private connect(message: MessageOf<"Connect">, received: number): void {
    if (this.sessionId !== null) throw new Error("Connect was sent twice");
    this.sessionId = message.sessionId;
    if (message.clientTs !== undefined) this.clockSkew = message.clientTs - received;
    const observed = message.maxObservedTimestamp ? decodeTimestamp(message.maxObservedTimestamp) : 0n;
    if (observed === null) throw new Error("maxObservedTimestamp is not a timestamp");
    // A client that outlived the database must not be sent back in time.
    this.host.engine.store.advanceTo(observed);
  }

  private async authenticate(message: MessageOf<"Authenticate">): Promise<void> {
    if (message.baseVersion !== this.wanted.identity)
      throw new Error("Base version of Authenticate does not match");
    const before = this.credentials();
    switch (message.tokenType) {
      case "None":
        this.assume(null, "public");
        break;
      case "Admin":
        if (!this.host.authenticator.isAdminKey(message.value)) {
          this.authFailed("The admin key is not this server's.", true);
          return;
        }
        this.assume(this.host.authenticator.impersonated(message.impersonating ?? null), "all");
        break;
      case "User": {
        const check = await this.host.authenticator.verify(message.value);
        if (check.kind === "invalid") {
          this.authFailed(check.reason, true);
          return;
        }
        this.assume(check.identity, "public");
        break;
      }
    }
    this.wanted.identity += 1;
    if (before !== this.credentials()) {
      for (const query of this.queries.values()) query.invalidate();
    }
    this.transitionDue = true;
    this.requestFlush();
  }

  /** What decides the results of queries: a renewed token changes none of it. */
  private credentials(): string {
    return JSON.stringify([this.access, this.identity?.attributes ?? null]);
  }

  private assume(identity: Identity | null, access: Access): void {
    this.identity = identity;
    this.access = access;
    if (this.expiry !== null) clearTimeout(this.expiry);
    this.expiry = null;
    if (identity?.expiresAt == null) return;
    const remaining = Math.max(0, identity.expiresAt - Date.now());
    if (remaining > MAX_TIMER_MS) return;
    this.expiry = setTimeout(() => this.authFailed("Token expired", false), remaining);
  }

  private modifyQuerySet({ baseVersion, newVersion, modifications }: MessageOf<"ModifyQuerySet">): void {
    if (baseVersion !== this.wanted.querySet || newVersion !== baseVersion + 1) {
      throw new Error("Base version of ModifyQuerySet does not match");
    }
    for (const modification of modifications) {
      const { queryId } = modification;
      if (modification.type === "Add") {
        if (modification.componentPath) throw unsupported("components");
        if (this.queries.has(queryId)) throw new Error(`Query ${queryId} was added twice`);
        const { udfPath, args, journal = null } = modification;
        this.queries.set(queryId, new LiveQuery(queryId, udfPath, args, journal));
      } else {
        const query = this.queries.get(queryId);
        if (query === undefined) throw new Error(`Query ${queryId} was removed but never added`);
        query.drop();
        this.queries.delete(queryId);
        this.removed.push(queryId);
      }
    }
    this.wanted.querySet = newVersion;
    this.transitionDue = true;
    this.requestFlush();
  }

  private mutate({ requestId, udfPath, args, componentPath }: MessageOf<"Mutation">): void {
    if (componentPath) throw unsupported("components");
    const call = this.call(udfPath, args);
    const hooks = this.host.answered.hooksFor(this.sessionId ?? "", requestId);
    void this.mutations.run(async () => {
      const outcome = await this.host.engine
        .mutation(call, hooks)
        .catch((error: unknown) => this.unanswerable(call, error));
      const head = `{"type":"MutationResponse","requestId":${requestId},"logLines":${JSON.stringify(outcome.log)}`;
      if (outcome.kind === "success") {
        const ts = JSON.stringify(encodeTimestamp(outcome.timestamp));
        this.send(`${head},"success":true,"ts":${ts},"result":${outcome.value}}`);
        // The client shows the mutation as done when a Transition has reached its timestamp.
        this.transitionDue = true;
        this.requestFlush();
      } else {
        this.send(`${head},"success":false,${failureFields(outcome.failure)}}`);
      }
    });
  }

  private act({ requestId, udfPath, args, componentPath }: MessageOf<"Action">): void {
    if (componentPath) throw unsupported("components");
    const call = this.call(udfPath, args);
    const running = this.host.engine.action(call).catch((error: unknown) => this.unanswerable(call, error));
    void running.then((outcome) => {
      const head = `{"type":"ActionResponse","requestId":${requestId},"logLines":${JSON.stringify(outcome.log)}`;
      if (outcome.kind === "success") this.send(`${head},"success":true,"result":${outcome.value}}`);
      else this.send(`${head},"success":false,${failureFields(outcome.failure)}}`);
    });
  }

  /** The server failed, not the function: the client waits for an answer all the same. */
  private unanswerable({ path }: FunctionCall, error: unknown): FailedOutcome {
    const reason = error instanceof Error ? (error.stack ?? error.message) : typeof error;
    this.host.engine.print(`${path} could not be run: ${reason}`);
    const message = `Server Error\nThe embedded Convex failed to run ${path}. Its terminal says why.`;
    return { kind: "failure", failure: { message }, log: [] };
  }

  private requestFlush(): void {
    if (this.flushing || this.closed) return;
    this.flushing = true;
    // After what is being handled now, so that one Transition answers all of it.
    setImmediate(() => {
      this.flush().then(
        () => {
          this.flushing = false;
          if (this.transitionDue || this.hasStaleQueries()) this.requestFlush();
        },
        (error: unknown) => this.fatal(String(error)),
      );
    });
  }

  private hasStaleQueries(): boolean {
    return [...this.queries.values()].some((query) => query.stale);
  }

  private async flush(): Promise<void> {
    const { engine, subscriptions } = this.host;
    const due = this.transitionDue;
    this.transitionDue = false;
    const snapshot = engine.store.snapshot();
    const watch = subscriptions.watch();
    const end: StateVersion = { ...this.wanted, ts: snapshot.timestamp };
    const modifications = this.removed
      .splice(0)
      .map((queryId) => JSON.stringify({ type: "QueryRemoved", queryId }));
    try {
      const stale = [...this.queries.values()].filter((query) => query.stale);
      const runs = stale.map(async (query) => {
        query.stale = false;
        const transaction = snapshot.begin();
        const outcome = await engine.query(
          this.call(query.path, query.args),
          transaction,
          query.previousJournal,
        );
        if (this.queries.get(query.queryId) !== query) return null;
        const stop = subscriptions.add(transaction.reads, watch.commits, () => {
          query.stale = true;
          this.requestFlush();
        });
        query.subscribed(stop);
        return query.updated(outcome);
      });
      for (const modification of await Promise.all(runs))
        if (modification !== null) modifications.push(modification);
    } finally {
      watch.end();
      snapshot.release();
    }
    if (!due && modifications.length === 0) return;
    const clock = this.clockSkew === undefined ? {} : { clientClockSkew: this.clockSkew };
    const text = transitionText(this.version, end, modifications, {
      ...clock,
      serverTs: Date.now() * 1_000_000,
    });
    this.version = end;
    for (const part of chunksOf(text, MAX_MESSAGE_CHARS, randomUUID())) this.send(part);
  }

  private call(path: string, args: JSONValue[]): FunctionCall {
    return { path, args, caller: clientCaller(this.identity, this.wire), access: this.access };
  }

  /** The client answers this with a new token, on a new socket. */
  private authFailed(error: string, authUpdateAttempted: boolean): void {
    this.send(
      JSON.stringify({ type: "AuthError", error, baseVersion: this.wanted.identity, authUpdateAttempted }),
    );
    this.shut(1000, "AuthError");
  }

  private fatal(error: string): void {
    this.send(JSON.stringify({ type: "FatalError", error }));
    this.shut(1008, "protocol error");
  }

  private shut(code: number, reason: string): void {
    this.end();
    this.wire.close(code, reason);
  }

  private send(text: string): void {
    if (!this.closed) this.wire.send(text);
  }
}

function parseMessage(text: string): ClientMessage {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    throw new Error("Received a message that is not JSON", { cause: error });
  }
  const parsed = ClientMessage.safeParse(message);
  if (!parsed.success)
    throw new Error(`Received an invalid message: ${parsed.error.issues[0]?.message ?? ""}`);
  return parsed.data;
}

function failureFields({ message, data }: { message: string; data?: JSONValue }): string {
  const errorData = data === undefined ? "" : `,"errorData":${JSON.stringify(data)}`;
  return `"result":${JSON.stringify(message)}${errorData}`;
}
