/**
 * When a room's session connects, gives up for a while, or stops for good.
 *
 * A pure reducer: it is told what happened and when, and answers with the next state and at most one thing to
 * do. Clock, timers, randomness, token calls and sockets belong to its caller (`room-session.ts`).
 *
 *   waiting ──due──▶ asking ──token──▶ opening ──opened──▶ open
 *      ▲               │ unavailable      │ closed           │ closed
 *      └───────────────┴──────────────────┴──────────────────┘
 *   asking ──refused──▶ ended        open ──closed by a verdict (44xx)──▶ ended
 *   open ──renew──▶ closing its socket ──closed──▶ waiting, without a penalty
 *   open ──silent──▶ waiting                       open ──hidden for long──▶ resting ──wake──▶ waiting
 *
 * How long it waits depends on what seems to have happened. A server that restarts closes all its clients at once,
 * and they must not come back at once: their waits are spread evenly over a time that is the same for everybody.
 * Whoever is at work right now is let forward somewhat, which few are at any moment. Where the fault seems to be on
 * this side (silence, a network that is back, a laptop that woke up), there is nobody to be in step with.
 *
 * A room decides what a connection may do when it admits it, and never again. So when the person's role changes,
 * the session renews its connection: only the next one knows.
 *
 * A refused upgrade and a lost network look the same to a browser (close code 1006), so 1006 never ends a
 * session: what ends it is the token call's error code, or a close code that the room chose.
 */
import { CLOSE } from "../../protocol/close-codes";
import type { ErrorCode } from "../../protocol/errors";

/** A token call without an answer after this long counts as unavailable. */
export const TOKEN_LIMIT_MS = 5_000;

/** A socket that has not opened after this long is given up. The room itself waits 5 s for Convex. */
export const OPEN_LIMIT_MS = 10_000;

/** Waits after a failure are spread evenly from the first to the last of these, unless the caller has another last. */
export const WAIT_MIN_MS = 500;
export const WAIT_MAX_MS = 40_000;

/** While the person is at work, they end this soon after the first failure, and twice as late after each other. */
export const EAGER_MAX_MS = 6_000;

/** A page that nobody sees gives its connection up after this long, if it has nothing to deliver. */
export const REST_AFTER_MS = 300_000;

/** A connection has to last this long to count as a success: accept-then-close loops keep backing off. */
export const STABLE_AFTER_MS = 10_000;

/** Whatever happens, attempts start at least this far apart. */
export const ATTEMPT_GAP_MS = 1_000;

/**
 * Why a session ended by itself. `too-large`: an edit goes over a limit. `rejected`: the room found fault with
 * what this page sent. In both cases the next connection would send the same again.
 */
export type EndReason = "no-access" | "signed-out" | "gone" | "too-large" | "rejected";

/** What a room that is there gives as its reason for not taking this connection now. */
export type RoomExcuse = "room-full" | "load-failed";

/** Whether the person is at work in this page, has not been for a while, or does not even see it. */
export const ATTENTIONS = ["here", "idle", "hidden"] as const;
export type Attention = (typeof ATTENTIONS)[number];

/** What every state remembers: failures since the last success, and when the last attempt began. */
interface History {
  failures: number;
  attempt: number;
  attemptAt: number;
  /** The connection has been renewed because of a dropped edit, since the role last changed. */
  renewedForDrop: boolean;
  /** How the last attempt ended, as far as the room said so. */
  excuse: RoomExcuse | null;
  attention: Attention;
  attentionSince: number;
  /** There are edits that the room may not have. */
  unsaved: boolean;
  waitMaxMs: number;
}

export type PolicyState = History &
  /** `eager`: when it may end while the person is at work. */
  (
    | { kind: "waiting"; until: number; eager: number }
    | { kind: "asking" }
    | { kind: "opening"; since: number; abandoned: boolean; renewing: boolean }
    | { kind: "open"; since: number; renewing: boolean }
    | { kind: "resting" }
    | { kind: "ended"; reason: EndReason }
  );

export type TokenAnswer =
  { kind: "token"; token: string } | { kind: "refused"; code: ErrorCode } | { kind: "unavailable" };

export type PolicyEvent =
  /** The time that `deadline` named has come. */
  | { type: "timer" }
  /** The answer to the token call of this attempt. */
  | { type: "token"; attempt: number; answer: TokenAnswer }
  | { type: "opened" }
  | { type: "closed"; code: number }
  /**
   * What the connection at hand was admitted with no longer holds: the person's role has changed, or the room
   * drops edits of somebody who may write. The second is tried once per role: if the room still does not take
   * them, another connection will not change its mind.
   */
  | { type: "renew"; why: "role-changed" | "edit-dropped" }
  /** The room has not answered for too long: the socket is dead, though nothing says so. */
  | { type: "silent" }
  | { type: "attention"; attention: Attention }
  | { type: "unsaved"; unsaved: boolean }
  /** The network is back, or the person looks at the page again. */
  | { type: "wake" }
  /** The person asked for another try. */
  | { type: "retry" };

export type PolicyCommand =
  | { do: "nothing" }
  | { do: "ask-token"; attempt: number }
  | { do: "open-socket"; token: string }
  | { do: "close-socket" }
  /** Closes it without waiting for its end, of which a dead line may never tell. */
  | { do: "drop-socket" };

export interface Decision {
  state: PolicyState;
  command: PolicyCommand;
}

export function initialPolicyState(now: number, waitMaxMs = WAIT_MAX_MS): PolicyState {
  const past: History = {
    failures: 0,
    attempt: 0,
    attemptAt: -Infinity,
    renewedForDrop: false,
    excuse: null,
    attention: "here",
    attentionSince: now,
    unsaved: false,
    waitMaxMs,
  };
  return { ...past, kind: "waiting", until: now, eager: now };
}

/** When the reducer wants to hear `timer` next, in the caller's clock; `null` when only an event can move it. */
export function deadline(state: PolicyState): number | null {
  switch (state.kind) {
    case "waiting":
      return state.until;
    case "asking":
      return state.attemptAt + TOKEN_LIMIT_MS;
    case "opening":
      return state.abandoned ? null : state.since + OPEN_LIMIT_MS;
    case "open":
      return state.attention === "hidden" && !state.unsaved ? state.attentionSince + REST_AFTER_MS : null;
    case "resting":
    case "ended":
      return null;
  }
}

/** `random` is a number in [0, 1), new for every call. */
export function decide(state: PolicyState, event: PolicyEvent, now: number, random: number): Decision {
  switch (event.type) {
    case "timer":
      return onTimer(state, now, random);
    case "token":
      return onToken(state, event.attempt, event.answer, now, random);
    case "opened":
      return state.kind === "opening"
        ? stay({ ...history(state), kind: "open", since: now, renewing: state.renewing })
        : stay(state);
    case "closed":
      return onClosed(state, event.code, now, random);
    case "renew":
      return event.why === "role-changed" ? onRoleChanged(state, now) : onEditDropped(state);
    case "silent":
      return onSilent(state, now, random);
    case "attention":
      return onAttention(state, event.attention, now);
    case "unsaved":
      return stay(
        state.kind === "resting" && event.unsaved
          ? soon({ ...state, unsaved: true }, now)
          : { ...state, unsaved: event.unsaved },
      );
    case "wake":
      // Signing in elsewhere, or a laptop that slept past its session, mends "signed out" without a click.
      return isWaiting(state) || (state.kind === "ended" && state.reason === "signed-out")
        ? stay(soon(state, now))
        : stay(state);
    case "retry":
      return isWaiting(state) || state.kind === "ended" ? stay(soon(state, now)) : stay(state);
  }
}

function onTimer(state: PolicyState, now: number, random: number): Decision {
  const due = deadline(state);
  if (due === null || now < due) return stay(state);
  switch (state.kind) {
    case "waiting": {
      const attempt = state.attempt + 1;
      return {
        state: { ...history(state), kind: "asking", attempt, attemptAt: now },
        command: { do: "ask-token", attempt },
      };
    }
    case "asking":
      return stay(backOff({ ...state, excuse: null }, now, random));
    case "opening":
      // The browser reports the end of the abandoned socket as a close; the wait begins there.
      return { state: { ...state, abandoned: true }, command: { do: "close-socket" } };
    case "open":
      return { state: { ...history(state), kind: "resting" }, command: { do: "drop-socket" } };
    case "resting":
    case "ended":
      return stay(state);
  }
}

function onToken(
  state: PolicyState,
  attempt: number,
  answer: TokenAnswer,
  now: number,
  random: number,
): Decision {
  if (state.kind !== "asking" || state.attempt !== attempt) return stay(state);
  switch (answer.kind) {
    case "token":
      return {
        state: { ...history(state), kind: "opening", since: now, abandoned: false, renewing: false },
        command: { do: "open-socket", token: answer.token },
      };
    case "refused":
      return stay({ ...history(state), kind: "ended", reason: endOfRefusal(answer.code) });
    case "unavailable":
      return stay(backOff({ ...state, excuse: null }, now, random));
  }
}

function onClosed(state: PolicyState, code: number, now: number, random: number): Decision {
  if (state.kind !== "opening" && state.kind !== "open") return stay(state);
  const reason = endOfClose(code);
  if (reason !== null) return stay({ ...history(state), kind: "ended", reason });
  if (state.renewing) return stay(soon(state, now));
  const lasted = state.kind === "open" && now - state.since >= STABLE_AFTER_MS;
  const failures = lasted ? 0 : state.failures;
  return stay(backOff({ ...state, failures, excuse: excuseOf(code) }, now, random));
}

function onSilent(state: PolicyState, now: number, random: number): Decision {
  if (state.kind !== "open") return stay(state);
  const lasted = now - state.since >= STABLE_AFTER_MS;
  const next = lasted ? soon(state, now) : backOff(state, now, random);
  return { state: next, command: { do: "drop-socket" } };
}

function onAttention(state: PolicyState, attention: Attention, now: number): Decision {
  if (attention === state.attention) return stay(state);
  const next = { ...state, attention, attentionSince: now };
  if (attention !== "here") return stay(next);
  if (next.kind === "resting") return stay(soon(next, now));
  if (next.kind !== "waiting") return stay(next);
  return stay({ ...next, until: Math.min(next.until, Math.max(now, next.eager)) });
}

function onRoleChanged(state: PolicyState, now: number): Decision {
  const fresh = { ...state, renewedForDrop: false };
  switch (fresh.kind) {
    case "waiting":
    case "asking":
      // The next socket is admitted with the new role anyway.
      return stay(fresh);
    case "opening":
      return { state: { ...fresh, abandoned: true, renewing: true }, command: { do: "close-socket" } };
    case "open":
      return { state: { ...fresh, renewing: true }, command: { do: "close-socket" } };
    case "resting":
      return stay(soon(fresh, now));
    case "ended":
      return stay(fresh.reason === "no-access" ? soon(fresh, now) : fresh);
  }
}

function onEditDropped(state: PolicyState): Decision {
  if (state.kind !== "open" || state.renewing || state.renewedForDrop) return stay(state);
  return { state: { ...state, renewing: true, renewedForDrop: true }, command: { do: "close-socket" } };
}

function excuseOf(code: number): RoomExcuse | null {
  switch (code) {
    case CLOSE.roomFull.code:
      return "room-full";
    case CLOSE.loadFailed.code:
      return "load-failed";
    default:
      return null;
  }
}

function endOfRefusal(code: ErrorCode): EndReason {
  switch (code) {
    case "unauthenticated":
      return "signed-out";
    case "forbidden":
    case "trashed":
      return "no-access";
    case "not_found":
    case "invalid":
    case "limit":
      return "gone";
  }
}

/** `null` for what may be over at the next connection, with a new token and a fresh sync. */
function endOfClose(code: number): EndReason | null {
  switch (code) {
    case CLOSE.deleted.code:
      return "gone";
    case CLOSE.messageTooLarge.code:
    case CLOSE.documentTooLarge.code:
      return "too-large";
    case CLOSE.malformedFrame.code:
    case CLOSE.awarenessTooLarge.code:
      return "rejected";
    default:
      return null;
  }
}

function backOff(past: History, now: number, random: number): PolicyState {
  const earliest = Math.max(now, past.attemptAt + ATTEMPT_GAP_MS);
  const within = (max: number) => Math.max(earliest, now + WAIT_MIN_MS + random * (max - WAIT_MIN_MS));
  const eager = within(Math.min(past.waitMaxMs, EAGER_MAX_MS * 2 ** Math.min(past.failures, 10)));
  const until = past.attention === "here" ? eager : within(past.waitMaxMs);
  return { ...history(past), failures: past.failures + 1, kind: "waiting", until, eager };
}

/** As soon as the gap between attempts allows, with a fresh budget. */
function soon(past: History, now: number): PolicyState {
  const until = Math.max(now, past.attemptAt + ATTEMPT_GAP_MS);
  return { ...history(past), failures: 0, kind: "waiting", until, eager: until };
}

function isWaiting({ kind }: PolicyState): boolean {
  return kind === "waiting" || kind === "resting";
}

function history(past: History): History {
  const {
    failures,
    attempt,
    attemptAt,
    renewedForDrop,
    excuse,
    attention,
    attentionSince,
    unsaved,
    waitMaxMs,
  } = past;
  return {
    failures,
    attempt,
    attemptAt,
    renewedForDrop,
    excuse,
    attention,
    attentionSince,
    unsaved,
    waitMaxMs,
  };
}

function stay(state: PolicyState): Decision {
  return { state, command: { do: "nothing" } };
}
