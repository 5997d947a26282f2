/**
 * Whether this page's edits are on the room's disk. Pure: told what happened, it answers with the next state and
 * whether a barrier is to be sent now (see `protocol/messages.ts` for what a barrier is).
 *
 * A new socket starts unsaved, because what the former one sent may not have arrived. The first barrier follows
 * the sync step 2 that carries what the room lacks. After that an edit is followed by a barrier, one at a time:
 * edits made while it is out are covered by the next one. With nothing to ask, a barrier still goes out now and
 * then: its answer is the traffic without which the provider takes the connection for dead after 30 s. It goes out
 * more often while the person is at work, and again while something waits to be saved: a room that is there says
 * at each why it cannot answer it. A barrier after which nothing at all is heard means that the line is dead.
 */
import type { NotSavedReason } from "../../protocol/messages";

/**
 * How long edits are gathered before they are asked about: each question costs the room a frame in and one out, so a
 * page asks the less often, the more people are there.
 */
export const GATHER_MS = 300;
export const GATHER_MS_PER_PERSON = 50;
export const GATHER_MAX_MS = 1_000;

/** Well under the 30 s of silence after which the provider closes a socket. */
export const HEARTBEAT_MS = 12_000;

/** While the person is at work, a dead line is to be found within 10 s: this, and the time for an answer. */
export const PROBE_MS = 4_000;
export const ANSWER_LIMIT_MS = 5_000;

/** When "Saving…" has been said for this long, it has become "Not saved yet". */
export const PATIENCE_MS = 4_000;

export interface SaveState {
  /** The connection at hand has sent its sync step 2, so that barriers mean something. */
  ready: boolean;
  /** Barriers sent and answered on the connection at hand. */
  sent: number;
  answered: number;
  /** When the last barrier was sent. */
  sentAt: number;
  /** When the room was last heard, as far as it was looked at. */
  heardAt: number;
  /** The person is at work in this page. */
  attentive: boolean;
  /** How many are in the room, this page included. */
  people: number;
  /** Edits made here so far; how many of them the last barrier covers; how many are known to be on disk. */
  edits: number;
  covered: number;
  durable: number;
  /** When the oldest edit that is not known to be on disk was made. */
  unsavedSince: number | null;
  /** When the first edit was made that no barrier covers. */
  uncoveredSince: number | null;
  /** A barrier has been answered since the page was opened. */
  everSaved: boolean;
  reason: NotSavedReason | null;
}

export type SaveEvent =
  | { type: "edited"; people: number }
  | { type: "ready" }
  | { type: "closed" }
  | { type: "saved"; barrier: number }
  | { type: "not-saved"; reason: NotSavedReason }
  | { type: "attentive"; attentive: boolean }
  /** With the time when the room was last heard. */
  | { type: "timer"; heardAt: number };

export interface SaveDecision {
  state: SaveState;
  /** The number of the barrier to send now, or null. */
  barrier: number | null;
  /** The line is dead. */
  silent: boolean;
}

/** What a person is told. `unknown`: nothing has been edited and nothing has been asked. */
export type Saved =
  | { kind: "unknown" | "saving" | "saved" }
  | { kind: "not-saved"; reason: NotSavedReason | "no-connection" | "no-answer" };

export const initialSaveState: SaveState = {
  ready: false,
  sent: 0,
  answered: 0,
  sentAt: 0,
  heardAt: 0,
  attentive: true,
  people: 1,
  edits: 0,
  covered: 0,
  durable: 0,
  unsavedSince: null,
  uncoveredSince: null,
  everSaved: false,
  reason: null,
};

export function decideSave(state: SaveState, event: SaveEvent, now: number): SaveDecision {
  switch (event.type) {
    case "edited":
      return keep({
        ...state,
        people: event.people,
        edits: state.edits + 1,
        unsavedSince: state.unsavedSince ?? now,
        uncoveredSince: state.uncoveredSince ?? now,
      });
    case "ready":
      // Asked again on a connection at hand, the room has its answer from the barriers that go on: were they to be counted
      // from 1 again, the answer to an earlier one would pass for that to this one.
      if (state.ready) return keep(state);
      return ask({ ...state, ready: true, sent: 0, answered: 0, reason: null }, now);
    case "closed":
      return keep(disconnected(state));
    case "saved":
      return event.barrier === state.sent && state.answered < state.sent ? onSaved(state, now) : keep(state);
    case "not-saved":
      return keep({ ...state, reason: event.reason });
    case "attentive":
      return keep({ ...state, attentive: event.attentive });
    case "timer": {
      const heard = { ...state, heardAt: event.heardAt };
      const silence = silenceDue(heard);
      if (silence !== null && silence <= now) {
        return { state: disconnected(heard), barrier: null, silent: true };
      }
      const due = barrierDue(heard);
      return due !== null && due <= now ? ask(heard, now) : keep(heard);
    }
  }
}

/** When the reducer wants to hear `timer` next: for a barrier, or because `savedOf` will answer differently. */
export function saveDeadline(state: SaveState, now: number): number | null {
  const patience = state.unsavedSince === null ? null : state.unsavedSince + PATIENCE_MS;
  const times = [barrierDue(state), silenceDue(state), patience !== null && patience > now ? patience : null];
  return times.reduce((a, b) => (a === null ? b : b === null ? a : Math.min(a, b)), null);
}

export function savedOf(state: SaveState, now: number): Saved {
  if (state.unsavedSince === null) return { kind: state.everSaved ? "saved" : "unknown" };
  if (state.reason !== null) return { kind: "not-saved", reason: state.reason };
  if (now - state.unsavedSince < PATIENCE_MS) return { kind: "saving" };
  return { kind: "not-saved", reason: state.ready ? "no-answer" : "no-connection" };
}

function disconnected(state: SaveState): SaveState {
  return { ...state, ready: false, uncoveredSince: state.unsavedSince, covered: state.durable };
}

function onSaved(state: SaveState, now: number): SaveDecision {
  return keep({
    ...state,
    answered: state.sent,
    durable: state.covered,
    everSaved: true,
    reason: null,
    unsavedSince: state.covered === state.edits ? null : (state.uncoveredSince ?? now),
  });
}

function ask(state: SaveState, now: number): SaveDecision {
  const sent = state.sent + 1;
  return {
    state: { ...state, sent, sentAt: now, covered: state.edits, uncoveredSince: null },
    barrier: sent,
    silent: false,
  };
}

function barrierDue(state: SaveState): number | null {
  if (!state.ready) return null;
  const quiet = Math.max(state.sentAt, state.heardAt) + PROBE_MS;
  if (state.answered < state.sent) return isWatched(state) && state.heardAt >= state.sentAt ? quiet : null;
  if (state.uncoveredSince !== null) return state.uncoveredSince + gatherMs(state.people);
  const beat = state.sentAt + HEARTBEAT_MS;
  return state.attentive ? Math.min(beat, quiet) : beat;
}

function gatherMs(people: number): number {
  return Math.min(Math.max(GATHER_MS, GATHER_MS_PER_PERSON * people), GATHER_MAX_MS);
}

function silenceDue(state: SaveState): number | null {
  const isAnswered = state.answered === state.sent || state.heardAt >= state.sentAt;
  return !state.ready || isAnswered || !isWatched(state) ? null : state.sentAt + ANSWER_LIMIT_MS;
}

/** Whether somebody would like to know at once that the line is dead. */
function isWatched({ attentive, unsavedSince }: SaveState): boolean {
  return attentive || unsavedSince !== null;
}

function keep(state: SaveState): SaveDecision {
  return { state, barrier: null, silent: false };
}
