/**
 * Field names that JavaScript or Convex give a meaning of their own. What the `convex` package does with them inside a
 * function is the same on every backend; what reaches the server in another way, only the server can refuse.
 */
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import type { Value } from "convex/values";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QUIET } from "../conformance/deployment";
import { FunctionFolder } from "./function_folder";
import { removeFolder, startServerProcess, type ServerProcess } from "./server_process";

const FUNCTIONS = `
import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { v } from "convex/values";

const fields = ({ name, deep }) => {
  // Not an object literal: its own field, even when it is called __proto__.
  const named = JSON.parse(JSON.stringify({ NAME: { evil: 1 } }).replace("NAME", () => name));
  return deep ? { in: [named] } : named;
};
const args = { name: v.string(), deep: v.boolean() };
export const insert = mutation({ args, handler: async (ctx, given) =>
  await ctx.db.get(await ctx.db.insert("named", fields(given))) });
export const replace = mutation({ args, handler: async (ctx, given) => {
  const id = await ctx.db.insert("named", { a: 1 });
  await ctx.db.replace(id, fields(given));
  return await ctx.db.get(id);
} });
export const patch = mutation({ args, handler: async (ctx, given) => {
  const id = await ctx.db.insert("named", { a: 1 });
  await ctx.db.patch(id, fields(given));
  return await ctx.db.get(id);
} });
export const returned = query({ args, handler: (_ctx, given) => fields(given) });
export const echo = query({ args: { value: v.any() }, handler: (_ctx, { value }) => value });
export const strict = query({ args: { a: v.number() }, handler: (_ctx, given) => Object.keys(given) });
export const filtered = query({ args: {}, handler: async (ctx) =>
  (await ctx.db.query("named").filter((q) => q.neq(q.field("constructor"), undefined)).collect()).length });
`;

let server: ServerProcess;
let http: ConvexHttpClient;
const folder = new FunctionFolder({ "names.ts": FUNCTIONS });
beforeAll(async () => {
  server = await startServerProcess({ functions: folder.path });
  http = new ConvexHttpClient(server.url, QUIET);
});
afterAll(async () => {
  await server.stop();
  folder.dispose();
  removeFolder(server.data);
});

type Fields = Record<string, Value>;
const SYSTEM_FIELDS = new Set(["_id", "_creationTime"]);
const PATHS = ["insert", "replace", "patch", "returned"] as const;
type Path = (typeof PATHS)[number];

async function call(path: Path, name: string, deep: boolean): Promise<Fields> {
  const args = { name, deep };
  const result: Fields =
    path === "returned"
      ? await http.query(makeFunctionReference<"query", Fields, Fields>("names:returned"), args)
      : await http.mutation(makeFunctionReference<"mutation", Fields, Fields>(`names:${path}`), args);
  return Object.fromEntries(Object.entries(result).filter(([field]) => !SYSTEM_FIELDS.has(field)));
}

/** As other programs may: the official client would not send it. */
async function send(
  path: string,
  args: string,
): Promise<{ status: string; errorMessage?: string; value?: Value }> {
  const body = `{"path":"names:${path}","args":${args}}`;
  const response = await fetch(`${server.url}/api/query`, { method: "POST", body });
  return (await response.json()) as { status: string };
}

describe.each(PATHS)("in %s", (path) => {
  const rest: Fields = path === "patch" ? { a: 1 } : {};

  test.each(["constructor", "prototype", "toString", "hasOwnProperty", "with space", "0"])(
    "%s is a field like any other",
    async (name) => {
      expect(Object.entries(await call(path, name, false))).toContainEqual([name, { evil: 1 }]);
      expect(await call(path, name, true)).toEqual({ ...rest, in: [{ [name]: { evil: 1 } }] });
    },
  );
  test.each(["$set", "$", "grün", "a\u007f", "x".repeat(1_025)])("%j is refused", async (name) => {
    await expect(call(path, name, false)).rejects.toThrow("Field name");
    await expect(call(path, name, true)).rejects.toThrow("Field name");
  });
  test("`__proto__` is left out, by the `convex` package itself", async () => {
    expect(await call(path, "__proto__", false)).toEqual(rest);
    expect(await call(path, "__proto__", true)).toEqual({ ...rest, in: [{}] });
  });
});

describe.each(["insert", "replace", "patch"] as const)("a document of %s", (path) => {
  test("has no fields of its own that begin with an underscore", async () => {
    await expect(call(path, "_mine", false)).rejects.toThrow("starts with an underscore");
    await expect(call(path, "_mine", true)).rejects.toThrow("starts with an underscore");
  });
  test("has no field without a name", async () => {
    await expect(call(path, "", false)).rejects.toThrow("must not be empty");
  });
});

describe("in arguments", () => {
  test.each(["__proto__", "", "$set", "grün", "x".repeat(1_025)])("%j is refused", async (name) => {
    const inside = `{"${name}":{"evil":1}}`;
    for (const args of [`{"value":${inside}}`, `{"value":[{"deep":${inside}}]}`, inside]) {
      expect(await send("echo", args)).toMatchObject({ status: "error" });
    }
  });
  test.each(["constructor", "toString", "_mine"])("%j is a field like any other", async (name) => {
    expect(await send("echo", `{"value":{"${name}":1}}`)).toMatchObject({ value: { [name]: 1 } });
    expect(await send("strict", `{"a":1,"${name}":1}`)).toMatchObject({
      errorMessage: expect.stringContaining(`extra field \`${name}\``) as string,
    });
  });
});

test("a filter on a field that all objects inherit finds those that have it as their own", async () => {
  const count = () => http.query(makeFunctionReference<"query", Fields, number>("names:filtered"), {});
  const before = await count();
  await call("insert", "other", false);
  expect(await count()).toBe(before);
  await call("insert", "constructor", false);
  expect(await count()).toBe(before + 1);
});
