import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import type { Value } from "convex/values";
import Database from "libsql";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { QUIET } from "../conformance/deployment";
import { FunctionFolder } from "./function_folder";
import { removeFolder, startServerProcess, temporaryFolder } from "./server_process";

const POLL = { timeout: 30_000, interval: 20 };
const DAY_MS = 24 * 60 * 60_000;

const FUNCTIONS = `
import { internalActionGeneric, internalMutationGeneric, internalQueryGeneric, makeFunctionReference as ref,
  mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { v } from "convex/values";

export const noop = internalMutationGeneric({ args: {}, handler: () => null });
export const open = internalQueryGeneric({ args: {}, handler: async (ctx) => (await ctx.db.query("gates").first()) !== null });
export const waits = internalActionGeneric({ args: {}, handler: async (ctx) => {
  while (!(await ctx.runQuery(ref("jobs:open"), {}))) await new Promise((resolve) => setTimeout(resolve, 10));
  throw new Error("after it was canceled");
} });
export const openGate = mutation({ args: {}, handler: async (ctx) => { await ctx.db.insert("gates", {}); } });
export const schedule = mutation({ args: { name: v.string() }, handler: (ctx, { name }) => ctx.scheduler.runAfter(0, ref(name), {}) });
export const cancel = mutation({ args: { id: v.id("_scheduled_functions") }, handler: (ctx, { id }) => ctx.scheduler.cancel(id) });
export const state = query({ args: { id: v.id("_scheduled_functions") }, handler: async (ctx, { id }) =>
  (await ctx.db.system.get(id))?.state.kind ?? "gone" });
`;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(data = temporaryFolder()) {
  const folder = new FunctionFolder({ "jobs.ts": FUNCTIONS });
  const server = await startServerProcess({ functions: folder.path, data });
  cleanups.push(
    () => removeFolder(data),
    () => folder.dispose(),
    () => server.kill(),
  );
  const http = new ConvexHttpClient(server.url, QUIET);
  const mutate = (name: string, args: Record<string, Value> = {}) =>
    http.mutation(makeFunctionReference<"mutation", Record<string, Value>, string>(`jobs:${name}`), args);
  const state = (id: string) =>
    http.query(makeFunctionReference<"query", { id: string }, string>("jobs:state"), { id });
  return { server, mutate, state };
}

test("an action that is canceled while it runs stays canceled when it fails", async () => {
  const { server, mutate, state } = await start();
  const id = await mutate("schedule", { name: "jobs:waits" });
  await expect.poll(() => state(id), POLL).toBe("inProgress");
  await mutate("cancel", { id });
  await mutate("openGate");
  await expect.poll(() => server.output(), POLL).toContain("after it was canceled");
  // What became of it is written in its turn, which comes before that of whatever is asked for now.
  const next = await mutate("schedule", { name: "jobs:noop" });
  await expect.poll(() => state(next), POLL).toBe("success");
  expect(await state(id)).toBe("canceled");
});

test("what has ended can be read for a week and is removed then; what has not, never", async () => {
  const data = temporaryFolder();
  const first = await start(data);
  const [old, recent, running] = await Promise.all(
    ["jobs:noop", "jobs:noop", "jobs:waits"].map((name) => first.mutate("schedule", { name })),
  );
  if (old === undefined || recent === undefined || running === undefined)
    throw new Error("three were scheduled");
  await expect.poll(() => Promise.all([old, recent].map(first.state)), POLL).toEqual(["success", "success"]);
  await expect.poll(() => first.state(running), POLL).toBe("inProgress");
  await first.server.kill();

  const database = new Database(join(data, "data.sqlite"));
  const age = database.prepare(
    "UPDATE documents SET value = json_set(value, '$.completedTime', ?, '$.scheduledTime', 1.0) WHERE id = ?",
  );
  age.run([Date.now() - 8 * DAY_MS, old]);
  age.run([Date.now() - 6 * DAY_MS, recent]);
  database.close();

  const { state } = await start(data);
  await expect.poll(() => state(old), POLL).toBe("gone");
  expect(await state(recent)).toBe("success");
  expect(await state(running)).toBe("failed");
});
