import { describe, expect, it } from "vitest";
import { CLOSE } from "../../protocol/close-codes";
import type { ErrorCode } from "../../protocol/errors";
import {
  ATTEMPT_GAP_MS,
  EAGER_MAX_MS,
  OPEN_LIMIT_MS,
  REST_AFTER_MS,
  STABLE_AFTER_MS,
  TOKEN_LIMIT_MS,
  WAIT_MAX_MS,
  deadline,
  decide,
  initialPolicyState,
  type Attention,
  type PolicyEvent,
  type PolicyState,
} from "./connection-policy";

const NOW = 1_000_000;
const past = {
  failures: 3,
  attempt: 4,
  attemptAt: NOW - 100,
  renewedForDrop: false,
  waitMaxMs: WAIT_MAX_MS,
  excuse: null,
  attention: "idle",
  attentionSince: NOW - 100,
  unsaved: false,
} as const;
const away = { ...past, attention: "hidden", attentionSince: NOW - REST_AFTER_MS } as const;
const states = {
  waiting: { ...past, kind: "waiting", until: NOW + 8_000, eager: NOW + 2_000 },
  due: { ...past, kind: "waiting", until: NOW, eager: NOW },
  asking: { ...past, kind: "asking" },
  slowAsking: { ...past, kind: "asking", attemptAt: NOW - TOKEN_LIMIT_MS },
  opening: { ...past, kind: "opening", since: NOW - 50, abandoned: false, renewing: false },
  slowOpening: { ...past, kind: "opening", since: NOW - OPEN_LIMIT_MS, abandoned: false, renewing: false },
  abandoned: { ...past, kind: "opening", since: NOW - 2 * OPEN_LIMIT_MS, abandoned: true, renewing: false },
  open: { ...past, kind: "open", since: NOW - 50, renewing: false },
  renewing: { ...past, kind: "open", since: NOW - 50, renewing: true },
  renewed: { ...past, kind: "open", since: NOW - 50, renewing: false, renewedForDrop: true },
  unseen: { ...away, kind: "open", since: NOW - 50, renewing: false },
  unseenUnsaved: { ...away, kind: "open", since: NOW - 50, renewing: false, unsaved: true },
  resting: { ...away, kind: "resting" },
  signedOut: { ...past, kind: "ended", reason: "signed-out" },
  noAccess: { ...past, kind: "ended", reason: "no-access" },
} satisfies Record<string, PolicyState>;

const token = (attempt = 4): PolicyEvent => ({
  type: "token",
  attempt,
  answer: { kind: "token", token: "t" },
});
const refused = (code: ErrorCode): PolicyEvent => ({
  type: "token",
  attempt: 4,
  answer: { kind: "refused", code },
});
const unavailable = { type: "token", attempt: 4, answer: { kind: "unavailable" } } satisfies PolicyEvent;
const roleChanged: PolicyEvent = { type: "renew", why: "role-changed" };
const editDropped: PolicyEvent = { type: "renew", why: "edit-dropped" };
const silent: PolicyEvent = { type: "silent" };
const attention = (now: Attention): PolicyEvent => ({ type: "attention", attention: now });
const unsaved = (now: boolean): PolicyEvent => ({ type: "unsaved", unsaved: now });
const closed = (code: number): PolicyEvent => ({ type: "closed", code });

/** [state, event, what it becomes, what is to be done] */
type Row = [keyof typeof states, PolicyEvent, string, string];

const table: Row[] = [
  ["waiting", { type: "timer" }, "waiting", "nothing"],
  ["due", { type: "timer" }, "asking", "ask-token"],
  ["asking", { type: "timer" }, "asking", "nothing"],
  ["slowAsking", { type: "timer" }, "waiting", "nothing"],
  ["opening", { type: "timer" }, "opening", "nothing"],
  ["slowOpening", { type: "timer" }, "opening", "close-socket"],
  ["abandoned", { type: "timer" }, "opening", "nothing"],
  ["open", { type: "timer" }, "open", "nothing"],
  ["unseen", { type: "timer" }, "resting", "drop-socket"],
  ["unseenUnsaved", { type: "timer" }, "open", "nothing"],
  ["resting", { type: "timer" }, "resting", "nothing"],
  ["noAccess", { type: "timer" }, "ended", "nothing"],

  ["waiting", token(), "waiting", "nothing"],
  ["asking", token(), "opening", "open-socket"],
  ["asking", token(3), "asking", "nothing"],
  ["opening", token(), "opening", "nothing"],
  ["open", token(), "open", "nothing"],
  ["resting", token(), "resting", "nothing"],
  ["noAccess", token(), "ended", "nothing"],
  ["asking", unavailable, "waiting", "nothing"],
  ["asking", refused("unauthenticated"), "ended: signed-out", "nothing"],
  ["asking", refused("forbidden"), "ended: no-access", "nothing"],
  ["asking", refused("not_found"), "ended: gone", "nothing"],
  ["asking", refused("invalid"), "ended: gone", "nothing"],
  ["waiting", refused("forbidden"), "waiting", "nothing"],

  ["waiting", { type: "opened" }, "waiting", "nothing"],
  ["asking", { type: "opened" }, "asking", "nothing"],
  ["opening", { type: "opened" }, "open", "nothing"],
  ["open", { type: "opened" }, "open", "nothing"],
  ["resting", { type: "opened" }, "resting", "nothing"],
  ["noAccess", { type: "opened" }, "ended", "nothing"],

  ["waiting", closed(1006), "waiting", "nothing"],
  ["asking", closed(1006), "asking", "nothing"],
  ["opening", closed(1006), "waiting", "nothing"],
  ["abandoned", closed(1006), "waiting", "nothing"],
  ["open", closed(1006), "waiting", "nothing"],
  ["open", closed(1000), "waiting", "nothing"],
  ["open", closed(CLOSE.loadFailed.code), "waiting", "nothing"],
  ["open", closed(CLOSE.malformedFrame.code), "ended: rejected", "nothing"],
  ["open", closed(CLOSE.awarenessTooLarge.code), "ended: rejected", "nothing"],
  ["open", closed(CLOSE.messageTooLarge.code), "ended: too-large", "nothing"],
  ["open", closed(CLOSE.documentTooLarge.code), "ended: too-large", "nothing"],
  ["open", closed(CLOSE.deleted.code), "ended: gone", "nothing"],
  ["opening", closed(CLOSE.deleted.code), "ended: gone", "nothing"],
  ["open", closed(CLOSE.notAdmitted.code), "waiting", "nothing"],
  ["open", closed(CLOSE.batchTimeout.code), "waiting", "nothing"],
  ["open", closed(CLOSE.unresolvedUpdates.code), "waiting", "nothing"],
  ["open", closed(CLOSE.rateLimited.code), "waiting", "nothing"],
  ["open", closed(CLOSE.roomFull.code), "waiting", "nothing"],
  ["open", closed(CLOSE.slowConsumer.code), "waiting", "nothing"],
  ["resting", closed(1006), "resting", "nothing"],
  ["noAccess", closed(1006), "ended", "nothing"],

  ["waiting", roleChanged, "waiting", "nothing"],
  ["asking", roleChanged, "asking", "nothing"],
  ["opening", roleChanged, "opening", "close-socket"],
  ["open", roleChanged, "open", "close-socket"],
  ["renewed", roleChanged, "open", "close-socket"],
  ["noAccess", roleChanged, "waiting", "nothing"],
  ["signedOut", roleChanged, "ended", "nothing"],
  ["resting", roleChanged, "waiting", "nothing"],
  ["asking", editDropped, "asking", "nothing"],
  ["resting", editDropped, "resting", "nothing"],
  ["waiting", editDropped, "waiting", "nothing"],
  ["opening", editDropped, "opening", "nothing"],
  ["open", editDropped, "open", "close-socket"],
  ["renewing", editDropped, "open", "nothing"],
  ["renewed", editDropped, "open", "nothing"],
  ["noAccess", editDropped, "ended", "nothing"],
  ["renewing", closed(1005), "waiting", "nothing"],
  ["renewing", closed(CLOSE.deleted.code), "ended: gone", "nothing"],

  ["waiting", { type: "wake" }, "waiting", "nothing"],
  ["asking", { type: "wake" }, "asking", "nothing"],
  ["opening", { type: "wake" }, "opening", "nothing"],
  ["open", { type: "wake" }, "open", "nothing"],
  ["resting", { type: "wake" }, "waiting", "nothing"],
  ["signedOut", { type: "wake" }, "waiting", "nothing"],
  ["noAccess", { type: "wake" }, "ended", "nothing"],

  ["waiting", { type: "retry" }, "waiting", "nothing"],
  ["asking", { type: "retry" }, "asking", "nothing"],
  ["opening", { type: "retry" }, "opening", "nothing"],
  ["open", { type: "retry" }, "open", "nothing"],
  ["resting", { type: "retry" }, "waiting", "nothing"],
  ["signedOut", { type: "retry" }, "waiting", "nothing"],
  ["noAccess", { type: "retry" }, "waiting", "nothing"],

  ["waiting", silent, "waiting", "nothing"],
  ["asking", silent, "asking", "nothing"],
  ["opening", silent, "opening", "nothing"],
  ["open", silent, "waiting", "drop-socket"],
  ["renewing", silent, "waiting", "drop-socket"],
  ["resting", silent, "resting", "nothing"],
  ["noAccess", silent, "ended", "nothing"],

  ["waiting", attention("here"), "waiting", "nothing"],
  ["asking", attention("here"), "asking", "nothing"],
  ["opening", attention("hidden"), "opening", "nothing"],
  ["open", attention("hidden"), "open", "nothing"],
  ["resting", attention("idle"), "resting", "nothing"],
  ["resting", attention("here"), "waiting", "nothing"],
  ["noAccess", attention("here"), "ended", "nothing"],

  ["waiting", unsaved(true), "waiting", "nothing"],
  ["asking", unsaved(true), "asking", "nothing"],
  ["opening", unsaved(true), "opening", "nothing"],
  ["open", unsaved(true), "open", "nothing"],
  ["resting", unsaved(true), "waiting", "nothing"],
  ["resting", unsaved(false), "resting", "nothing"],
  ["noAccess", unsaved(true), "ended", "nothing"],
];

describe("the connection policy", () => {
  it.each(table)("%s on %o becomes %s and does %s", (from, event, to, command) => {
    const decision = decide(states[from], event, NOW, 0.5);
    const { state } = decision;
    const name = state.kind === "ended" && to.includes(":") ? `ended: ${state.reason}` : state.kind;
    expect(name).toBe(to);
    expect(decision.command.do).toBe(command);
  });

  it("has an answer to every event in every state", () => {
    const kinds = ["waiting", "asking", "opening", "open", "resting", "ended"];
    const types: PolicyEvent["type"][] = [
      "timer",
      "token",
      "opened",
      "closed",
      "renew",
      "silent",
      "attention",
      "unsaved",
      "wake",
      "retry",
    ];
    const covered = new Set(table.map(([from, event]) => `${states[from].kind} ${event.type}`));
    expect(
      kinds.flatMap((kind) => types.map((type) => `${kind} ${type}`)).filter((c) => !covered.has(c)),
    ).toEqual([]);
  });

  it("lets whoever comes to work forward, but not before the time that the failures call for", () => {
    const { state } = decide(states.waiting, attention("here"), NOW, 0.5);
    expect(deadline(state)).toBe(NOW + 2_000);
    expect(deadline(decide(states.waiting, attention("hidden"), NOW, 0.5).state)).toBe(NOW + 8_000);
  });

  it("spreads those that nobody is waiting for evenly, and whoever is at work over a shorter time", () => {
    const open: PolicyState = { ...states.open, failures: 0, attemptAt: NOW - 60_000, since: NOW - 50_000 };
    const wait = (from: PolicyState, random: number) =>
      (deadline(decide(from, closed(1006), NOW, random).state) ?? 0) - NOW;
    expect(wait(open, 0.999)).toBeGreaterThan(WAIT_MAX_MS * 0.99);
    expect(wait(open, 0.5)).toBeCloseTo(WAIT_MAX_MS / 2, -3);
    expect(wait({ ...open, attention: "here" }, 0.999)).toBeLessThanOrEqual(EAGER_MAX_MS);
    const within = { ...open, waitMaxMs: 3_000 };
    for (const attention of ["here", "idle"] as const) {
      expect(wait({ ...within, attention }, 0.999)).toBeGreaterThan(2_900);
      expect(wait({ ...within, attention }, 0.999)).toBeLessThanOrEqual(3_000);
    }
  });

  it("comes back at once from silence after a connection that lasted, and backs off from one that did not", () => {
    const open: PolicyState = { ...states.open, since: NOW - STABLE_AFTER_MS };
    expect(decide(open, silent, NOW, 0.5).state).toMatchObject({ failures: 0 });
    expect(decide(states.open, silent, NOW, 0.5).state).toMatchObject({ failures: past.failures + 1 });
  });

  it("brings the next attempt forward when the network is back, with a fresh budget", () => {
    const { state } = decide(states.waiting, { type: "wake" }, NOW, 0.5);
    expect(state).toMatchObject({ failures: 0, until: past.attemptAt + ATTEMPT_GAP_MS });
  });

  it("backs off further each time a room accepts and closes at once", () => {
    let state: PolicyState = initialPolicyState(0);
    let now = 0;
    const waits: number[] = [];
    for (let round = 0; round < 8; round++) {
      now = deadline(state) ?? now;
      state = decide(state, { type: "timer" }, now, 0.99).state;
      state = decide(state, token(state.attempt), now, 0.99).state;
      state = decide(state, { type: "opened" }, now, 0.99).state;
      now += 10;
      state = decide(state, closed(1006), now, 0.99).state;
      waits.push((deadline(state) ?? now) - now);
    }
    expect(waits.every((wait, i) => i === 0 || wait >= (waits[i - 1] ?? 0))).toBe(true);
    expect(waits.at(-1)).toBeGreaterThan(WAIT_MAX_MS * 0.9);
  });

  it("starts afresh after a connection that lasted", () => {
    const open: PolicyState = { ...past, kind: "open", since: NOW - STABLE_AFTER_MS, renewing: false };
    expect(decide(open, closed(1006), NOW, 0.5).state.failures).toBe(1);
    expect(decide(states.open, closed(1006), NOW, 0.5).state.failures).toBe(past.failures + 1);
  });

  it("renews a connection without a penalty, and for a dropped edit once per role", () => {
    const { state } = decide(states.renewing, closed(1005), NOW, 0.5);
    expect(state).toMatchObject({ failures: 0, until: past.attemptAt + ATTEMPT_GAP_MS });
    expect(decide(states.open, editDropped, NOW, 0.5).state.renewedForDrop).toBe(true);
    expect(decide(states.renewed, closed(1006), NOW, 0.5).state.renewedForDrop).toBe(true);
    expect(decide(states.renewed, roleChanged, NOW, 0.5).state.renewedForDrop).toBe(false);
  });

  it("remembers what the room said for itself until an attempt ends in another way", () => {
    const full = decide(states.open, closed(CLOSE.roomFull.code), NOW, 0.5).state;
    expect(full.excuse).toBe("room-full");
    const asking = decide(full, { type: "timer" }, NOW + WAIT_MAX_MS, 0.5).state;
    expect(asking).toMatchObject({ kind: "asking", excuse: "room-full" });
    expect(decide(states.open, closed(CLOSE.loadFailed.code), NOW, 0.5).state.excuse).toBe("load-failed");
    expect(decide(asking, { ...unavailable, attempt: asking.attempt }, NOW, 0.5).state.excuse).toBeNull();
    expect(
      decide({ ...states.opening, excuse: "room-full" }, closed(1006), NOW, 0.5).state.excuse,
    ).toBeNull();
  });
});
