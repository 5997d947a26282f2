import { connect } from "node:net";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterEach, expect, test } from "vitest";
import { api } from "../conformance/api";
import { CONFORMANCE_FUNCTIONS, newRun, QUIET } from "../conformance/deployment";
import { cuttableNetwork } from "../conformance/cuttable_socket";
import { RawClient } from "./raw_client";
import { FunctionFolder } from "./function_folder";
import { removeFolder, startServerProcess, temporaryFolder, type ServerProcess } from "./server_process";

const POLL = { timeout: 30_000, interval: 20 };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function dataFolder(): string {
  const data = temporaryFolder();
  cleanups.push(() => removeFolder(data));
  return data;
}

async function start(functions: string, data: string): Promise<ServerProcess> {
  const server = await startServerProcess({ functions, data });
  cleanups.push(() => server.kill());
  return server;
}

test("what was scheduled before a crash runs after it, once, and files are still there", async () => {
  const data = dataFolder();
  const before = await start(CONFORMANCE_FUNCTIONS, data);
  const http = new ConvexHttpClient(before.url, QUIET);
  const run = newRun();
  const job = await http.mutation(api.later.schedule, {
    run,
    what: "survived",
    delayMs: 1_500,
    by: "mutation",
  });
  const { id: file } = await http.action(api.files.roundTrip, { text: "kept" });
  await before.kill();

  const after = await start(CONFORMANCE_FUNCTIONS, data);
  const again = new ConvexHttpClient(after.url, QUIET);
  await expect.poll(() => again.query(api.later.state, { id: job }), POLL).toBe("success");
  expect(await again.query(api.later.events, { run })).toEqual(["survived"]);
  const url = (await again.query(api.files.url, { id: file })) ?? "";
  expect(await (await fetch(url)).text()).toBe("kept");
  expect(after.adminKey).toBe(before.adminKey);
});

test("a scheduled action that a crash interrupted counts as failed and is not run again", async () => {
  const folder = new FunctionFolder({
    "jobs.ts": `
      import { internalActionGeneric, internalMutationGeneric, mutationGeneric, queryGeneric, makeFunctionReference } from "convex/server";
      export const started = internalMutationGeneric({ args: {}, handler: async (ctx) => { await ctx.db.insert("starts", {}); } });
      export const endless = internalActionGeneric({ args: {}, handler: async (ctx) => {
        await ctx.runMutation(makeFunctionReference("jobs:started"), {});
        await new Promise(() => {});
      } });
      export const schedule = mutationGeneric({ args: {}, handler: async (ctx) => await ctx.scheduler.runAfter(0, makeFunctionReference("jobs:endless"), {}) });
      export const look = queryGeneric({ args: {}, handler: async (ctx) => ({
        starts: (await ctx.db.query("starts").collect()).length,
        states: (await ctx.db.system.query("_scheduled_functions").collect()).map(({ state }) => state.kind),
      }) });
    `,
  });
  cleanups.push(() => folder.dispose());
  const data = dataFolder();
  const look = makeFunctionReference<"query">("jobs:look");
  const before = await start(folder.path, data);
  const http = new ConvexHttpClient(before.url, QUIET);
  await http.mutation(makeFunctionReference<"mutation">("jobs:schedule"), {});
  await expect.poll(() => http.query(look, {}), POLL).toEqual({ starts: 1, states: ["inProgress"] });
  await before.kill();
  const after = await start(folder.path, data);
  const again = new ConvexHttpClient(after.url, QUIET);
  expect(await again.query(look, {})).toEqual({ starts: 1, states: ["failed"] });
});

test("crons run on their schedule, and go on after a crash", async () => {
  const folder = new FunctionFolder({
    "crons.ts": `
      import { cronJobs, makeFunctionReference } from "convex/server";
      const crons = cronJobs();
      crons.interval("every second", { seconds: 1 }, makeFunctionReference("ticks:tick"), { by: "interval" });
      crons.cron("every minute", "* * * * *", makeFunctionReference("ticks:tick"), { by: "cron" });
      crons.daily("every day", { hourUTC: 3, minuteUTC: 30 }, makeFunctionReference("ticks:tick"), { by: "daily" });
      export default crons;
    `,
    "ticks.ts": `
      import { internalMutationGeneric, queryGeneric } from "convex/server";
      export const tick = internalMutationGeneric({ handler: async (ctx, { by }) => { await ctx.db.insert("ticks", { by }); } });
      export const list = queryGeneric({ args: {}, handler: async (ctx) => (await ctx.db.query("ticks").collect()).map(({ by }) => by) });
    `,
  });
  cleanups.push(() => folder.dispose());
  const data = dataFolder();
  const list = makeFunctionReference<"query", Record<string, never>, string[]>("ticks:list");
  const before = await start(folder.path, data);
  const http = new ConvexHttpClient(before.url, QUIET);
  const intervals = async (client: ConvexHttpClient) =>
    (await client.query(list, {})).filter((by) => by === "interval").length;
  await expect.poll(() => intervals(http), POLL).toBeGreaterThanOrEqual(2);
  const seen = await intervals(http);
  await before.kill();
  const after = await start(folder.path, data);
  const again = new ConvexHttpClient(after.url, QUIET);
  await expect.poll(() => intervals(again), POLL).toBeGreaterThanOrEqual(seen + 2);
  expect(await again.query(list, {})).not.toContain("daily");
});

test("a client that has outlived the database is not sent back in time", async () => {
  const first = await start(CONFORMANCE_FUNCTIONS, dataFolder());
  const network = cuttableNetwork();
  const client = new ConvexClient(first.url, { ...QUIET, webSocketConstructor: network.socket });
  cleanups.push(() => client.close());
  await client.mutation(api.counters.create, { name: newRun() });
  const [port, sitePort] = [new URL(first.url).port, new URL(first.siteUrl).port];
  await first.kill();
  const second = await startServerProcess({
    functions: CONFORMANCE_FUNCTIONS,
    data: dataFolder(),
    port,
    sitePort,
  });
  cleanups.push(() => second.kill());
  const id = await client.mutation(api.counters.create, { name: newRun() });
  expect(await client.query(api.counters.get, { id })).toBe(0);
});

test("whoever comes while the server starts is answered when it has", async () => {
  const data = dataFolder();
  const first = await start(CONFORMANCE_FUNCTIONS, data);
  const [port, sitePort] = [new URL(first.url).port, new URL(first.siteUrl).port];
  await first.kill();
  const starting = startServerProcess({ functions: CONFORMANCE_FUNCTIONS, data, port, sitePort });
  const state = { started: false };
  void starting.then(() => (state.started = true));
  const attempts: Promise<string>[] = [];
  const settle = (promise: Promise<unknown>) => promise.then(() => "answered", String);
  while (!state.started) {
    attempts.push(settle(RawClient.open(first.url).then((raw) => raw.end())));
    attempts.push(settle(fetch(`${first.url}/version`)));
    // One that asks for a WebSocket and hangs up the hard way.
    const impatient = connect(Number(port), "127.0.0.1", () => {
      impatient.write(
        "GET /api/1.48.0/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
      );
      setTimeout(() => impatient.resetAndDestroy(), 1);
    });
    impatient.on("error", () => impatient.destroy());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const server = await starting;
  cleanups.push(() => server.kill());
  const outcomes = await Promise.all(attempts);
  expect(outcomes).toContain("answered");
  expect(
    outcomes.filter((outcome) => outcome !== "answered" && !/ECONNREFUSED|fetch failed/.test(outcome)),
  ).toEqual([]);
  const id = await new ConvexHttpClient(server.url, QUIET).mutation(api.counters.create, { name: newRun() });
  expect(id).toBeTruthy();
});
