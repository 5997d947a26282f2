/** Functions that do what nobody should: each of them fails or succeeds on its own, and the server goes on. */
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import type { Value } from "convex/values";
import { afterAll, beforeAll, expect, test } from "vitest";
import { QUIET } from "../conformance/deployment";
import { FunctionFolder } from "./function_folder";
import { removeFolder, startServerProcess, temporaryFolder, type ServerProcess } from "./server_process";

const POLL = { timeout: 50_000, interval: 20 };

const FUNCTIONS = `
import { actionGeneric as action, internalMutationGeneric as internalMutation, makeFunctionReference as ref,
  mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { v } from "convex/values";

export const insert = mutation({ args: { table: v.string(), value: v.any() },
  handler: async (ctx, { table, value }) => await ctx.db.insert(table, value) });
export const patch = mutation({ args: { id: v.string(), value: v.any() },
  handler: async (ctx, { id, value }) => await ctx.db.patch(id, value) });
export const replace = mutation({ args: { id: v.string(), value: v.any() },
  handler: async (ctx, { id, value }) => await ctx.db.replace(id, value) });
export const list = query({ args: { table: v.string() }, handler: async (ctx, { table }) =>
  (await ctx.db.query(table).collect()).map(({ _id, _creationTime, ...rest }) => rest) });

export const failing = internalMutation({ args: {}, handler: async (ctx) => {
  await ctx.db.insert("child", {});
  throw new Error("child");
} });
export const parentThrows = mutation({ args: {}, handler: async (ctx) => {
  await ctx.db.insert("fresh", { by: "parent" });
  await ctx.runMutation(ref("hostile:failing"), {}).catch(() => null);
  throw new Error("parent");
} });

export const limited = query({ args: { limit: v.optional(v.number()) }, handler: (_ctx, args) => String(args.limit) });

export const pageTwice = query({ args: {}, handler: async (ctx) => {
  const page = () => ctx.db.query("pages").paginate({ numItems: 1, cursor: null });
  return [await page(), await page()];
} });
export const page = query({ args: {}, handler: async (ctx) =>
  (await ctx.db.query("pages").paginate({ numItems: 1, cursor: null })).page.length });
export const pageAndNested = query({ args: {}, handler: async (ctx) =>
  (await ctx.runQuery(ref("hostile:page"), {}))
    + (await ctx.db.query("pages").paginate({ numItems: 2, cursor: null })).page.length });

export const slowChild = internalMutation({ args: {}, handler: async (ctx) => {
  await ctx.db.insert("half", { n: 1 });
  for (let i = 0; i < 50; i++) await ctx.db.query("half").collect();
  await ctx.db.insert("half", { n: 2 });
} });
const letItBegin = async () => { for (let i = 0; i < 30; i++) await Promise.resolve(); };
export const leavesChild = mutation({ args: {}, handler: async (ctx) => {
  await ctx.db.insert("half", { n: 0 });
  ctx.runMutation(ref("hostile:slowChild"), {}).catch(() => null);
  await letItBegin();
} });
export const nestsLeavesChild = mutation({ args: {}, handler: async (ctx) => {
  await ctx.runMutation(ref("hostile:leavesChild"), {});
  await ctx.db.insert("half", { n: 3 });
  for (let i = 0; i < 60; i++) await ctx.db.query("half").collect();
} });

export const throwsLater = action({ args: {}, handler: () => {
  setTimeout(() => { throw new Error("in a timer"); }, 1);
  queueMicrotask(() => { throw new Error("in a microtask"); });
  return null;
} });
export const throwsNothing = mutation({ args: {}, handler: () => { throw Object.create(null); } });

export const noop = internalMutation({ args: { bytes: v.optional(v.string()) }, handler: () => null });
export const scheduleLarge = mutation({ args: { count: v.number(), delay: v.number() }, handler: async (ctx, { count, delay }) => {
  for (let i = 0; i < count; i++) await ctx.scheduler.runAfter(delay, ref("hostile:noop"), { bytes: "x".repeat(900_000) });
} });
export const full = internalMutation({ args: {}, handler: async (ctx) => {
  for (let i = 0; i < 16_000; i++) await ctx.db.insert("full", {});
} });
export const scheduleFull = mutation({ args: {}, handler: (ctx) => ctx.scheduler.runAfter(0, ref("hostile:full"), {}) });
export const state = query({ args: { id: v.id("_scheduled_functions") }, handler: async (ctx, { id }) =>
  (await ctx.db.system.get(id)).state.kind });

export const fillTexts = mutation({ args: { count: v.number() }, handler: async (ctx, { count }) => {
  for (let i = 0; i < count; i++) await ctx.db.insert("texts", { text: "needle" + " hay".repeat(240_000) });
} });
export const find = query({ args: { word: v.string(), count: v.number() }, handler: async (ctx, { word, count }) =>
  (await ctx.db.query("texts").withSearchIndex("by_text", (q) => q.search("text", word)).take(count)).length });
`;

const SCHEMA = `
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema(
  { texts: defineTable({ text: v.string() }).searchIndex("by_text", { searchField: "text" }) },
  { schemaValidation: false },
);
`;

let server: ServerProcess;
let http: ConvexHttpClient;
const data = temporaryFolder();
const folder = new FunctionFolder({ "hostile.ts": FUNCTIONS, "schema.ts": SCHEMA });
beforeAll(async () => {
  server = await startServerProcess({ functions: folder.path, data });
  http = new ConvexHttpClient(server.url, QUIET);
});
afterAll(async () => {
  await server.stop();
  folder.dispose();
  removeFolder(data);
});

const query = async (name: string, args: Record<string, Value> = {}): Promise<Value> =>
  (await http.query(makeFunctionReference<"query">(`hostile:${name}`), args)) as Value;
const mutate = async (name: string, args: Record<string, Value> = {}): Promise<Value> =>
  (await http.mutation(makeFunctionReference<"mutation">(`hostile:${name}`), args)) as Value;
const list = (table: string) => query("list", { table });

/** As other programs may: the official client would not send it. */
async function raw(kind: "query" | "mutation", name: string, args: string): Promise<string> {
  const body = `{"path":"hostile:${name}","args":${args}}`;
  return await (await fetch(`${server.url}/api/${kind}`, { method: "POST", body })).text();
}

test("a table that a failed mutation made, before a nested one failed too, is not there", async () => {
  await expect(mutate("parentThrows")).rejects.toThrow("parent");
  await mutate("insert", { table: "first", value: { in: "first" } });
  await mutate("insert", { table: "fresh", value: { in: "fresh" } });
  await mutate("insert", { table: "child", value: { in: "child" } });
  expect(await list("first")).toEqual([{ in: "first" }]);
  expect(await list("fresh")).toEqual([{ in: "fresh" }]);
  expect(await list("child")).toEqual([{ in: "child" }]);
});

test("a mutation that its caller did not wait for is undone as a whole", async () => {
  await mutate("leavesChild");
  expect(await list("half")).toEqual([{ n: 0 }]);
  await mutate("nestsLeavesChild");
  expect(await list("half")).toEqual([{ n: 0 }, { n: 0 }, { n: 3 }]);
  expect(server.output()).toContain("That one was rolled back");
});

test("`__proto__` and fields without a name are refused in arguments and documents", async () => {
  for (const args of ['{"__proto__":{"limit":1}}', '{"limit":1,"":2}'])
    expect(await raw("query", "limited", args)).toMatch(/__proto__|must not be empty/);
  const id = await mutate("insert", { table: "named", value: { a: 1 } });
  for (const name of ["__proto__", ""]) {
    const value = `{"deep":[{"${name}":{"evil":1}}]}`;
    expect(await raw("mutation", "insert", `{"table":"named","value":${value}}`)).toMatch('"error"');
  }
  expect(await list("named")).toEqual([{ a: 1 }]);
  expect(id).toBeTruthy();
});

test("a second paginated query in a function is refused, one in a nested function is not", async () => {
  await mutate("insert", { table: "pages", value: {} });
  await mutate("insert", { table: "pages", value: {} });
  await expect(query("pageTwice")).rejects.toThrow("ran multiple paginated queries");
  expect(await query("pageAndNested")).toBe(3);
});

test("what throws in a timer or microtask is printed, and the server goes on", async () => {
  await http.action(makeFunctionReference<"action">("hostile:throwsLater"), {});
  await expect.poll(() => server.output(), POLL).toContain("in a timer");
  expect(server.output()).toContain("in a microtask");
  expect(await query("limited", { limit: 1 })).toBe("1");
});

test("a mutation that throws an object without a prototype is answered, and so is the next", async () => {
  const client = new ConvexClient(server.url, QUIET);
  try {
    const throwing = client.mutation(makeFunctionReference<"mutation">("hostile:throwsNothing"), {});
    await expect(throwing).rejects.toThrow("an object that has no text");
    await client.mutation(makeFunctionReference<"mutation">("hostile:insert"), { table: "next", value: {} });
  } finally {
    await client.close();
  }
});

test(
  "jobs with more arguments than a function may read do not stop the scheduler",
  { timeout: 120_000 },
  async () => {
    const job = "hostile.js:noop";
    await mutate("scheduleLarge", { count: 15, delay: 1_500 });
    await mutate("scheduleLarge", { count: 15, delay: 1_500 });
    const id = await mutate("scheduleFull");
    await expect.poll(() => query("state", { id }), POLL).toBe("success");
    await expect.poll(() => pendingIn(job), POLL).toBe(0);
  },
);

/** Read from outside: a function could not read that much. */
async function pendingIn(name: string): Promise<number> {
  const { default: Database } = await import("libsql");
  const database = new Database(`${data}/data.sqlite`, { readonly: true });
  try {
    const sql = `SELECT count(*) AS n FROM documents WHERE json_extract(value, '$.name') = ?
      AND json_extract(value, '$.state.kind') <> 'success'`;
    return (database.prepare(sql).get(name) as { n: number }).n;
  } finally {
    database.close();
  }
}

test("a search is charged for what it returns, not for what it looks through", async () => {
  await mutate("fillTexts", { count: 15 });
  await mutate("fillTexts", { count: 5 });
  expect(await query("find", { word: "needle", count: 1 })).toBe(1);
  await expect(query("find", { word: "needle", count: 20 })).rejects.toThrow("Too many bytes read");
});
