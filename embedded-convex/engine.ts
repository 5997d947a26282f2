/**
 * Runs functions. Queries run on a snapshot that the caller gives, so that all of one client's queries can share
 * one. Mutations run one at a time, each in the write transaction: reads see its own writes, and it commits or
 * leaves nothing. Actions run beside all that and reach the database only by calling queries and mutations.
 */
import type { JSONValue } from "convex/values";
import type { Files } from "./files";
import { callSyscalls, childOf } from "./functions/call_syscalls";
import { databaseSyscalls } from "./functions/database_syscalls";
import type { Caller } from "./functions/caller";
import type { Execution, FunctionKind } from "./functions/execution";
import { clientMessage, failureOf, NestedFunctionError } from "./functions/function_error";
import { EMPTY_SCHEMA, type FunctionSet } from "./functions/function_set";
import { installSyscalls } from "./functions/install_syscalls";
import { findFunction, invoke, soleArgument, type Access } from "./functions/invoke";
import { Lane } from "./functions/lane";
import { LogLines } from "./functions/log_lines";
import type { FunctionOutcome, MutationOutcome, QueryOutcome } from "./functions/outcome";
import { systemFunctions } from "./functions/system_functions";
import { storageSyscalls } from "./functions/storage_syscalls";
import { within } from "./functions/within";
import type { Commit, Store } from "./store/store";
import type { Transaction } from "./store/transaction";
import { ACTION_TIMEOUT_MS, TRANSACTION_TIMEOUT_MS } from "./values/limits";

export interface FunctionCall {
  path: string;
  /** One object, alone or in an array. */
  args: JSONValue;
  caller: Caller;
  access: Access;
  /** Of the action that makes the call: what is logged belongs to both. */
  log?: LogLines;
}

/** Work that belongs to a mutation's transaction without being part of the function. */
export interface MutationHooks {
  /** Runs first; an outcome that it returns stands instead of running the function. */
  before?(transaction: Transaction): MutationOutcome | null;
  /** Runs last before the commit of a mutation that succeeded. */
  after?(transaction: Transaction, value: string, timestamp: bigint): void;
}

export interface EngineOptions {
  store: Store;
  files: Files;
  functionsDirectory: string;
  /** Writes a line to the terminal. */
  print: (line: string) => void;
}

export class Engine {
  readonly store: Store;
  readonly files: Files;
  private readonly lane = new Lane();
  private readonly commitListeners = new Set<(commit: Commit) => void>();
  private set: FunctionSet = {
    functions: new Map(),
    schema: EMPTY_SCHEMA,
    authConfig: { providers: [] },
    router: null,
    crons: [],
  };

  constructor(private readonly options: EngineOptions) {
    this.store = options.store;
    this.files = options.files;
    const database = databaseSyscalls(() => this.set);
    const calls = callSyscalls({
      functions: () => this.set,
      write: (body) => this.write(body),
      callFromAction: (execution, kind, path, args) => this.callFromAction(execution, kind, path, args),
      callInTransaction: (execution, kind, path, args) => this.callInTransaction(execution, kind, path, args),
    });
    const storage = { files: this.files, read: this.read.bind(this), write: this.write.bind(this) };
    installSyscalls({
      sync: { ...database.sync, ...calls.sync },
      async: { ...database.async, ...calls.async, ...storageSyscalls(storage) },
      storage,
    });
  }

  /** Writes a line to the terminal. */
  get print(): (line: string) => void {
    return this.options.print;
  }

  get functions(): FunctionSet {
    return this.set;
  }

  /** Takes over newly loaded functions. Whatever is running finishes with the old ones. */
  async replaceFunctions(set: FunctionSet, apply: (transaction: Transaction) => void): Promise<void> {
    await this.lane.run(() => {
      const { transaction, commit, rollback } = this.store.write();
      try {
        apply(transaction);
      } catch (error) {
        rollback();
        throw error;
      }
      this.announce(commit());
      const tables = () => this.store.catalog.all().map(({ name }) => name);
      for (const own of systemFunctions(() => this.set, tables)) set.functions.set(own.path, own);
      this.set = set;
    });
  }

  onCommit(listener: (commit: Commit) => void): () => void {
    this.commitListeners.add(listener);
    return () => this.commitListeners.delete(listener);
  }

  /** Runs a query on a snapshot; what it read is in the transaction's read set. */
  async query(call: FunctionCall, transaction: Transaction, journal: string | null): Promise<QueryOutcome> {
    const execution = this.execution("query", call, transaction);
    execution.journal.previous = journal;
    const outcome = await this.run(execution, TRANSACTION_TIMEOUT_MS, () => {
      const definition = findFunction(this.set, call.path, "query", call.access);
      return invoke(definition, soleArgument(call.args), execution, this.store.catalog.tableOfId);
    });
    return { ...outcome, journal: execution.journal.current };
  }

  /** Runs a query on a snapshot of its own. */
  async queryOnce(call: FunctionCall): Promise<QueryOutcome> {
    const snapshot = this.store.snapshot();
    try {
      return await this.query(call, snapshot.begin(), null);
    } finally {
      snapshot.release();
    }
  }

  /** Runs a mutation when its turn comes, and settles after its commit is on disk. */
  async mutation(call: FunctionCall, hooks: MutationHooks = {}): Promise<MutationOutcome> {
    return await this.lane.run(async () => {
      const { transaction, commit, rollback } = this.store.write();
      let open = true;
      const undo = () => {
        if (open) rollback();
        open = false;
      };
      try {
        const answered = transaction.asServer(() => hooks.before?.(transaction));
        if (answered) {
          undo();
          return answered;
        }
        const execution = this.execution("mutation", call, transaction);
        const outcome = await this.run(execution, TRANSACTION_TIMEOUT_MS, () => {
          const definition = findFunction(this.set, call.path, "mutation", call.access);
          return invoke(definition, soleArgument(call.args), execution, this.store.catalog.tableOfId);
        });
        if (outcome.kind === "failure") {
          undo();
          return outcome;
        }
        this.abandonNested(execution, transaction, 0);
        open = false;
        const done = commit((timestamp) =>
          transaction.asServer(() => hooks.after?.(transaction, outcome.value, timestamp)),
        );
        this.announce(done);
        return { ...outcome, timestamp: done.timestamp };
      } finally {
        undo();
      }
    });
  }

  async action(call: FunctionCall): Promise<FunctionOutcome> {
    const execution = this.execution("action", call, null);
    return await this.run(execution, ACTION_TIMEOUT_MS, () => {
      const definition = findFunction(this.set, call.path, "action", call.access);
      return invoke(definition, soleArgument(call.args), execution, this.store.catalog.tableOfId);
    });
  }

  /** Runs the code of an HTTP action. Throws nothing: a failure is returned as a value. */
  async httpAction<T>(
    route: string,
    caller: Caller,
    body: (execution: Execution) => Promise<T>,
  ): Promise<{ kind: "success"; value: T } | { kind: "failure"; message: string }> {
    const execution = this.execution("httpAction", { path: route, caller }, null);
    try {
      return { kind: "success", value: await within(ACTION_TIMEOUT_MS, execution, () => body(execution)) };
    } catch (thrown) {
      return { kind: "failure", message: this.fail(execution, thrown).message };
    } finally {
      execution.ended = true;
    }
  }

  /** The server itself reads, on a snapshot of its own. */
  read<T>(body: (transaction: Transaction) => T): T {
    const snapshot = this.store.snapshot();
    try {
      const transaction = snapshot.begin();
      return transaction.asServer(() => body(transaction));
    } finally {
      snapshot.release();
    }
  }

  /** A write transaction of the server itself; committed unless `body` throws. */
  async write<T>(body: (transaction: Transaction) => T): Promise<T> {
    return await this.lane.run(() => {
      const { transaction, commit, rollback } = this.store.write();
      let result: T;
      try {
        result = transaction.asServer(() => body(transaction));
      } catch (error) {
        rollback();
        throw error;
      }
      this.announce(commit());
      return result;
    });
  }

  /** Settles when every transaction that was asked for has ended. */
  async idle(): Promise<void> {
    await this.lane.drained();
  }

  private announce(commit: Commit): void {
    for (const listener of this.commitListeners) listener(commit);
  }

  private execution(
    kind: FunctionKind,
    call: Pick<FunctionCall, "path" | "caller" | "log">,
    transaction: Transaction | null,
  ): Execution {
    const { path, caller } = call;
    return {
      kind,
      path,
      caller,
      transaction,
      log: call.log?.of(kind, path) ?? new LogLines(kind, path, this.options.print),
      journal: { previous: null, current: null },
      startedAt: Date.now(),
      parent: null,
      streams: new Map(),
      nextStream: 0,
      nested: Promise.resolve(),
      ended: false,
    };
  }

  private async run(
    execution: Execution,
    timeout: number,
    body: () => Promise<string>,
  ): Promise<FunctionOutcome> {
    const log = execution.log.lines;
    try {
      const value = await within(timeout, execution, body);
      return { kind: "success", value, log };
    } catch (thrown) {
      return { kind: "failure", failure: this.fail(execution, thrown), log };
    } finally {
      execution.ended = true;
    }
  }

  /** A failure as the client sees it; the terminal shows it too. */
  private fail(execution: Execution, thrown: unknown) {
    const failure = failureOf(thrown, this.options.functionsDirectory);
    const message = clientMessage(failure, execution.caller.request.id);
    execution.log.failure(message);
    return { ...failure, message };
  }

  private async callInTransaction(
    parent: Execution,
    kind: "query" | "mutation",
    path: string,
    args: JSONValue,
  ): Promise<string> {
    const { transaction } = parent;
    if (transaction === null) throw new Error("not in a transaction");
    if (kind === "mutation" && parent.kind !== "mutation") throw new Error("Queries cannot run mutations.");
    const definition = findFunction(this.set, path, kind, "all");
    const child = childOf(parent, kind, definition.path, transaction);
    const run = async () => {
      const { depth } = transaction;
      try {
        const value = await invoke(definition, args, child, this.store.catalog.tableOfId);
        if (kind === "mutation") this.abandonNested(child, transaction, depth);
        return value;
      } catch (thrown) {
        throw new NestedFunctionError(failureOf(thrown, this.options.functionsDirectory));
      } finally {
        child.ended = true;
      }
    };
    if (kind === "query") return await run();
    // Savepoints are a stack, so nested mutations that were started at once take turns.
    const result = parent.nested.then(() => transaction.nested(run));
    parent.nested = result.then(
      () => undefined,
      () => undefined,
    );
    return await result;
  }

  /** A mutation that its caller did not wait for is undone as a whole: half of one is never committed. */
  private abandonNested(execution: Execution, transaction: Transaction, depth: number): void {
    if (!transaction.abandonNested(depth)) return;
    execution.log.add("WARN", [
      `${execution.path} ended while a mutation that it called was running. That one was rolled back: await ctx.runMutation.`,
    ]);
  }

  private async callFromAction(
    parent: Execution,
    kind: "query" | "mutation" | "action",
    path: string,
    args: JSONValue,
  ): Promise<string> {
    const call: FunctionCall = { path, args, caller: parent.caller, access: "all", log: parent.log };
    const outcome =
      kind === "query"
        ? await this.queryOnce(call)
        : kind === "mutation"
          ? await this.mutation(call)
          : await this.action(call);
    if (outcome.kind === "failure") throw new NestedFunctionError(outcome.failure);
    return outcome.value;
  }
}
