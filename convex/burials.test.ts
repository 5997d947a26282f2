// @vitest-environment edge-runtime
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { internal } from "./_generated/api";
import { deployment, type Deployment } from "./people.fixture";

// What is scheduled waits for timers, and stays where it can be looked at.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const bury = (t: Deployment) => t.run((ctx) => ctx.db.insert("burials", { roomId: "doc-gone" }));

/** What is to come: the function, and in how many seconds from now. */
const scheduled = (t: Deployment) =>
  t.run(async (ctx) => {
    const functions = await ctx.db.system.query("_scheduled_functions").collect();
    return functions.map(({ name, scheduledTime, _creationTime }) => [
      name.replace(/^.*[:/]/, ""),
      // Never below zero, and no negative zero: the function may be meant for a moment before it was written down.
      Math.max(0, Math.round((scheduledTime - _creationTime) / 1000)),
    ]);
  });

it("a burial is tried, and tried again later and later, until the room has answered", async () => {
  const t = deployment();
  const burialId = await bury(t);
  await t.mutation(internal.burials.attempt, { burialId, number: 0 });
  expect(await scheduled(t)).toEqual([
    ["ask", 0],
    ["attempt", 5],
  ]);
  await t.mutation(internal.burials.attempt, { burialId, number: 1 });
  await t.mutation(internal.burials.attempt, { burialId, number: 20 });
  expect((await scheduled(t)).filter(([name]) => name === "attempt").map(([, seconds]) => seconds)).toEqual([
    5, 10, 3600,
  ]);

  await t.mutation(internal.burials.done, { burialId });
  await t.mutation(internal.burials.done, { burialId });
  const before = (await scheduled(t)).length;
  await t.mutation(internal.burials.attempt, { burialId, number: 2 });
  expect(await scheduled(t)).toHaveLength(before);
});

it("a burial that nobody can be asked for stays on the list", async () => {
  const t = deployment();
  const burialId = await bury(t);
  vi.stubEnv("PARTYKIT_URL", "");
  await expect(t.action(internal.burials.ask, { burialId, roomId: "doc-gone" })).rejects.toThrow(
    "PARTYKIT_URL",
  );
  expect(await t.run((ctx) => ctx.db.get(burialId))).not.toBeNull();
});
