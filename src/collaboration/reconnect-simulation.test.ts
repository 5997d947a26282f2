/** A thousand reducers whose server restarts, by a clock of their own. */
import { describe, expect, it } from "vitest";
import {
  deadline,
  decide,
  initialPolicyState,
  type Attention,
  type PolicyCommand,
  type PolicyEvent,
  type PolicyState,
} from "./connection-policy";

const CLIENTS = 1_000;

interface Happening {
  at: number;
  client: number;
  event: PolicyEvent;
}

/** Repeatable numbers in [0, 1) (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** When each client is back, in ms after the server went, which is away for `downMs`; and when attempts were made. */
function restart(seed: number, downMs: number, atWork: number) {
  const random = randomFrom(seed);
  const states: PolicyState[] = [];
  const queue: Happening[] = [];
  const back: number[] = [];
  const attempts: number[] = [];
  for (let client = 0; client < CLIENTS; client++) {
    const attention: Attention = random() < atWork ? "here" : "idle";
    const { attempt } = initialPolicyState(0);
    states.push({
      ...initialPolicyState(-600_000),
      attempt,
      attemptAt: -600_000,
      attention,
      kind: "open",
      since: -600_000,
      renewing: false,
    });
    queue.push({ at: random() * 50, client, event: { type: "closed", code: 1006 } });
  }
  const carryOut = (client: number, command: PolicyCommand, now: number) => {
    const later = (ms: number, event: PolicyEvent) => queue.push({ at: now + ms, client, event });
    if (command.do === "ask-token") {
      attempts.push(now);
      const answer = { kind: "token", token: "t" } as const;
      later(20 + random() * 60, { type: "token", attempt: command.attempt, answer });
    } else if (command.do === "open-socket") {
      later(30, now >= downMs ? { type: "opened" } : { type: "closed", code: 1006 });
    }
  };
  while (queue.length > 0) {
    queue.sort((a, b) => b.at - a.at);
    const next = queue.pop();
    if (next === undefined) break;
    const { at, client, event } = next;
    const before = states[client] ?? initialPolicyState(0);
    const { state, command } = decide(before, event, at, random());
    states[client] = state;
    if (state.kind === "open" && before.kind === "opening") back.push(at);
    carryOut(client, command, at);
    const due = deadline(state);
    if (state.kind === "waiting" && due !== null) queue.push({ at: due, client, event: { type: "timer" } });
  }
  return { back, attempts };
}

/** The most that fall within any one second, wherever it begins. */
function busiestSecond(times: number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  sorted.forEach((time, i) => {
    while ((sorted[first] ?? time) <= time - 1_000) first++;
    most = Math.max(most, i - first + 1);
  });
  return most;
}

describe("a thousand clients after a server restart", () => {
  it.each([
    [0, 0],
    [2_000, 0],
    [10_000, 0],
    [2_000, 0.05],
  ])("that took %d ms come back without a rush, a share of %d of them at work", (downMs, atWork) => {
    for (const seed of [1, 2, 3]) {
      const { back, attempts } = restart(seed, downMs, atWork);
      const told = `seed ${seed}`;
      expect(back.length, told).toBe(CLIENTS);
      expect(busiestSecond(back), told).toBeLessThanOrEqual(CLIENTS * 0.05);
      expect(busiestSecond(attempts), told).toBeLessThanOrEqual(CLIENTS * 0.05);
      expect(Math.max(...back), told).toBeLessThan(60_000);
    }
  });
});
