import { expect, it } from "vitest";
import { HOLD_SILENCE_MS, holdsIn } from "./holds";

interface Entry {
  held?: unknown;
  lastUpdated?: number;
}

function awarenessOf(own: number, others: Record<number, Entry>) {
  const entries = Object.entries(others).map(([id, entry]) => [Number(id), entry] as const);
  return {
    clientID: own,
    getStates: () => new Map(entries.map(([id, { held }]) => [id, { user: { name: `person ${id}` }, held }])),
    meta: new Map(entries.map(([id, { lastUpdated = 0 }]) => [id, { lastUpdated }])),
  };
}

it("says who holds what", () => {
  const awareness = awarenessOf(1, { 2: { held: ["a", "b"] }, 3: { held: ["c"] }, 4: {} });
  expect([...holdsIn(awareness, [], 0).byOthers]).toEqual([
    ["a", "person 2"],
    ["b", "person 2"],
    ["c", "person 3"],
  ]);
});

it("forgets a hold when its owner has been silent for long enough", () => {
  const awareness = awarenessOf(1, { 2: { held: ["a"], lastUpdated: 500 } });
  expect(holdsIn(awareness, [], 500 + HOLD_SILENCE_MS - 1)).toMatchObject({ until: 500 + HOLD_SILENCE_MS });
  expect(holdsIn(awareness, [], 500 + HOLD_SILENCE_MS)).toEqual({ byOthers: new Map(), until: null });
});

it("gives what two took at once to the lower client id", () => {
  expect(holdsIn(awarenessOf(1, { 2: { held: ["a"] } }), ["a"], 0).byOthers.size).toBe(0);
  expect(holdsIn(awarenessOf(3, { 2: { held: ["a"] } }), ["a"], 0).byOthers.size).toBe(1);
});

it("ignores one's own, and what makes no sense", () => {
  const awareness = awarenessOf(1, { 1: { held: ["a"] }, 2: { held: "a" }, 3: { held: [7] } });
  expect(holdsIn(awareness, ["a"], 0).byOthers.size).toBe(0);
});
