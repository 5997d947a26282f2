/**
 * One person's session in one room: a Y.Doc, its awareness, and a YPartyKitProvider that keeps both in step with
 * the room. The connection policy decides; this is its shell of timers and sockets.
 *
 * What the provider would do by itself and must not:
 *  - reconnect with the old URL, and so with an expired token: `shouldConnect` is taken away at every close, and
 *    `connect()` is called for each attempt with the token of that attempt;
 *  - send everybody's awareness: its listener is replaced by `publishAwareness`, its BroadcastChannel is off;
 *  - keep its awareness clock over a reconnect, which leaves a person invisible to the others until it next
 *    moves: the clock is raised before each connect.
 */
import * as encoding from "lib0/encoding";
import YPartyKitProvider from "y-partykit/provider";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { TOKEN_PARAM } from "../../protocol/access";
import { canWrite, type Role } from "../../protocol/roles";
import type { Person } from "../offline/remembered-person";
import type { CopyOptions, LoadedCopy, LocalCopy } from "../offline/local-copy";
import { ownFrame, publishAwareness } from "./awareness-publisher";
import {
  deadline,
  decide,
  initialPolicyState,
  type Attention,
  type PolicyCommand,
  type PolicyEvent,
  type TokenAnswer,
} from "./connection-policy";
import {
  UNCONNECTED,
  connectionOf,
  isAtRisk,
  isDropped,
  isSameStatus,
  troubleOf,
  unsavedOf,
  type RoomStatus,
  type UnsavedEdits,
} from "./room-status";
import { asBytes, watchSaving } from "./save-watch";
import { openTabChannel } from "./tab-channel";
import { drop, droppable } from "./droppable-socket";

const QUERY_AWARENESS_FRAME = 3;

/** The connection waits for a copy that has not been read for no longer than this. */
export const LOAD_LIMIT_MS = 3_000;

/** Close codes from here on are the room's own reasons (`protocol/close-codes.ts`). */
const APPLICATION_CLOSE = 4_000;

/** The provider arms one timer of its own per close that finds nothing to do; this keeps it short. */
const PROVIDER_BACKOFF_MS = 100;

export interface RoomSessionOptions {
  roomId: string;
  /** Host and port of PartyKit. */
  host: string;
  me: Person;
  /** Waits after a failure are no longer than this; without it, than the policy's own. */
  reconnectWithinMs?: number | undefined;
  /** Asks for a token for one attempt. Never rejects. */
  requestToken: () => Promise<TokenAnswer>;
  /** Calls `wake` when a new attempt may be worth while; returns how to stop that. */
  onWake: (wake: () => void) => () => void;
  /** Tells whether the person is at work, now and whenever it changes; returns how to stop that. */
  onAttention: (tell: (attention: Attention) => void) => () => void;
  /** Opens the copy of the room on this device. */
  openCopy: (options: Omit<CopyOptions, "userId" | "roomId" | "makeRoom">) => LocalCopy;
  /** The BroadcastChannel of the person's tabs in this room; `null`: there are none to be in step with. */
  tabChannel: string | null;
  /** For runtimes without a WebSocket of their own. */
  WebSocket?: typeof WebSocket;
}

/** For a bug report. */
export interface SessionFigures {
  /** `null`: not measured yet. */
  roundTripMs: number | null;
  /** Times that the room was in step again after it had been before. */
  reconnects: number;
  /** Connections that were not had, or that the room ended with a reason. */
  failures: number;
}

export interface RoomSession {
  readonly roomId: string;
  readonly me: Person;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /**
   * Resolves when what this device keeps of the room is in the document, or that has taken long enough, or when the
   * session is disposed of.
   */
  readonly loaded: Promise<void>;
  figures: () => SessionFigures;
  /** The same object until something changes. */
  getStatus: () => RoomStatus;
  subscribe: (onChange: () => void) => () => void;
  /** Tries again at once, also after the session ended by itself. */
  retry: () => void;
  /** Says which role the person has now. When it changes, the session connects anew, to be admitted with it. */
  setRole: (role: Role) => void;
  /** Says what the room's document is called now. */
  setTitle: (title: string) => void;
  /** Edits that are not known to be on the room's disk, and whether they will still get there by themselves. */
  unsaved: () => UnsavedEdits;
  /** Whether unsaved edits are nowhere but in this tab. */
  isAtRisk: () => boolean;
  /** Leaves the room and frees everything. Call it from a task of its own, never twice. */
  dispose: () => void;
}

export function openRoomSession(options: RoomSessionOptions): RoomSession {
  const { roomId, host, me, requestToken, openCopy } = options;
  const doc = new Y.Doc();
  let token = "";
  let heardAt = 0;
  const provider = new YPartyKitProvider(host, roomId, doc, {
    connect: false,
    disableBc: true,
    maxBackoffTime: PROVIDER_BACKOFF_MS,
    params: () => ({ [TOKEN_PARAM]: token }),
    WebSocketPolyfill: droppable(options.WebSocket ?? WebSocket, () => {
      heardAt = Date.now();
    }),
  });
  const { awareness } = provider;
  awareness.setLocalState({ user: me });

  awareness.off("update", provider._awarenessUpdateHandler);
  const publisher = publishAwareness(awareness, (frame) => {
    if (!provider.wsconnected || provider.ws === null) return false;
    provider.ws.send(asBytes(frame));
    return true;
  });
  provider.messageHandlers[QUERY_AWARENESS_FRAME] = (encoder) => {
    encoding.writeUint8Array(encoder, ownFrame(awareness));
  };

  let policy = initialPolicyState(Date.now(), options.reconnectWithinMs);
  let status = UNCONNECTED;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let loading: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;
  let role: Role | null = null;
  let admittedAs: Role | null = null;
  let everLive = false;
  let timesLive = 0;
  let failures = 0;
  let copied: LoadedCopy = { known: false, unsynced: false };
  const listeners = new Set<() => void>();

  const refreshStatus = () => {
    everLive ||= provider.synced;
    const connection = connectionOf(policy, provider.synced, everLive);
    const saved = saving.saved();
    if (saved.kind === "saved") copy.setSynced();
    if (isDropped(saved)) admittedAs = null;
    else if (connection === "live") admittedAs = role;
    const next = {
      connection,
      contentKnown: everLive || copied.known,
      kept: copy.isKept(),
      admittedAs,
      trouble: connection === "live" ? null : troubleOf(policy),
      saved,
      large: saving.large(),
    };
    if (isSameStatus(status, next)) return;
    status = next;
    for (const listener of [...listeners]) listener();
    const unsaved = unsavedOf(status) !== "none";
    if (unsaved !== policy.unsaved) dispatch({ type: "unsaved", unsaved });
  };
  /** The origin of what another tab of the person edited and this one has to send. */
  const fromTab = {};
  const isOwn = (origin: unknown) => origin !== provider && origin !== fromTab && !copy.isSource(origin);
  // Before what watches the saving: that says how things stand, and by then an edit must not count as kept.
  const copy = openCopy({ doc, isOwn, onChange: () => refreshStatus() });
  const saving = watchSaving(provider, {
    isOwn,
    onChange: () => {
      refreshStatus();
      const mayWrite = role !== null && canWrite(role);
      if (mayWrite && isDropped(status.saved)) dispatch({ type: "renew", why: "edit-dropped" });
    },
    heardAt: () => heardAt,
    onSilent: () => dispatch({ type: "silent" }),
  });

  const tabs =
    options.tabChannel === null
      ? null
      : openTabChannel({
          name: options.tabChannel,
          doc,
          isOwn,
          isConnected: () => provider.synced,
          // The provider passes on what does not come from itself.
          apply: (update, sent) => Y.applyUpdate(doc, update, sent ? provider : fromTab),
        });
  let stopLoading: () => void = () => undefined;
  const loaded = new Promise<void>((resolve) => {
    stopLoading = resolve;
    loading = setTimeout(resolve, LOAD_LIMIT_MS);
    void copy.loaded.then((found) => {
      clearTimeout(loading);
      if (disposed) return;
      copied = found;
      tabs?.sayHello();
      if (found.unsynced) saving.restore();
      refreshStatus();
      resolve();
    });
  });

  const dispatch = (event: PolicyEvent) => {
    if (disposed) return;
    const decision = decide(policy, event, Date.now(), Math.random());
    policy = decision.state;
    if (timer !== null) clearTimeout(timer);
    const due = deadline(policy);
    timer =
      due === null ? null : setTimeout(() => dispatch({ type: "timer" }), Math.max(0, due - Date.now()));
    carryOut(decision.command);
    refreshStatus();
  };

  const carryOut = (command: PolicyCommand) => {
    switch (command.do) {
      case "nothing":
        return;
      case "ask-token": {
        const { attempt } = command;
        // Not before the copy is there: only then does the room send no more than what it lacks.
        void Promise.all([requestToken(), loaded]).then(([answer]) =>
          dispatch({ type: "token", attempt, answer }),
        );
        return;
      }
      case "open-socket":
        token = command.token;
        awareness.setLocalState(awareness.getLocalState() ?? { user: me });
        provider.connect();
        return;
      case "close-socket":
        provider.ws?.close();
        return;
      case "drop-socket":
        if (provider.ws !== null) drop(provider.ws);
        return;
    }
  };

  provider.on("status", ({ status: word }: { status: string }) => {
    if (word === "connected") dispatch({ type: "opened" });
  });
  provider.on("sync", (synced: boolean) => {
    if (synced) {
      timesLive += 1;
      copy.setKnown();
    }
    refreshStatus();
  });
  provider.on("connection-close", ({ code }: CloseEvent) => {
    provider.shouldConnect = false;
    if (policy.kind === "opening" || code >= APPLICATION_CLOSE) failures += 1;
    dispatch({ type: "closed", code });
  });
  const stopWaking = options.onWake(() => dispatch({ type: "wake" }));
  const stopAttending = options.onAttention((attention) => {
    saving.setAttentive(attention === "here");
    awareness.setLocalStateField("attention", attention);
    dispatch({ type: "attention", attention });
  });
  dispatch({ type: "timer" });

  return {
    roomId,
    me,
    doc,
    awareness,
    loaded,
    figures: () => ({
      roundTripMs: saving.roundTripMs(),
      reconnects: Math.max(0, timesLive - 1),
      failures,
    }),
    getStatus: () => status,
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    retry: () => dispatch({ type: "retry" }),
    setRole: (next) => {
      if (next === role) return;
      const isChange = role !== null;
      const isAdmitted = policy.kind === "opening" || policy.kind === "open";
      role = next;
      copy.describe({ role });
      admittedAs = isChange && isAdmitted ? null : next;
      if (isChange) dispatch({ type: "renew", why: "role-changed" });
      refreshStatus();
    },
    setTitle: (title) => copy.describe({ title }),
    unsaved: () => unsavedOf(status),
    isAtRisk: () => isAtRisk(status),
    dispose: () => {
      disposed = true;
      clearTimeout(loading);
      stopLoading();
      if (timer !== null) clearTimeout(timer);
      stopWaking();
      stopAttending();
      listeners.clear();
      publisher.stop();
      saving.stop();
      tabs?.stop();
      copy.close();
      // Says goodbye to the room, closes the socket and drops its listeners.
      provider.destroy();
      // Takes the awareness, its interval and every undo manager with it.
      doc.destroy();
    },
  };
}
