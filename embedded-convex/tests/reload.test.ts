import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { cuttableNetwork } from "../conformance/cuttable_socket";
import { QUIET } from "../conformance/deployment";
import { FunctionFolder } from "./function_folder";
import { removeFolder, startServerProcess, type ServerProcess } from "./server_process";

const POLL = { timeout: 30_000, interval: 10 };

const schema = (fields: string, indexes = "") => `
  import { defineSchema, defineTable } from "convex/server";
  import { v } from "convex/values";
  export default defineSchema({ notes: defineTable({ ${fields} })${indexes} });
`;
const notes = (answer: string) => `
  import { mutationGeneric, queryGeneric } from "convex/server";
  import { suffix } from "./shared";
  export const say = queryGeneric({ args: {}, handler: () => ${JSON.stringify(answer)} + suffix });
  export const add = mutationGeneric({ handler: async (ctx, note) => await ctx.db.insert("notes", note) });
  export const byText = queryGeneric({ handler: async (ctx, { text }) =>
    (await ctx.db.query("notes").withIndex("by_text", (q) => q.eq("text", text)).collect()).length });
`;

const folder = new FunctionFolder({
  "schema.ts": schema("text: v.string()"),
  "notes.ts": notes("one"),
  "shared.ts": `export const suffix = "!";`,
});
const say = makeFunctionReference<"query", Record<string, never>, string>("notes:say");
const add = makeFunctionReference<"mutation", { text: string }, string>("notes:add");
const byText = makeFunctionReference<"query", { text: string }, number>("notes:byText");
const network = cuttableNetwork();
let server: ServerProcess;
let client: ConvexClient;
let http: ConvexHttpClient;
const seen: string[] = [];

beforeAll(async () => {
  server = await startServerProcess({ functions: folder.path });
  http = new ConvexHttpClient(server.url, QUIET);
  client = new ConvexClient(server.url, { ...QUIET, webSocketConstructor: network.socket });
  client.onUpdate(say, {}, (text) => seen.push(text));
  await vi.waitFor(() => expect(seen).toEqual(["one!"]), POLL);
});
afterAll(async () => {
  await client.close();
  await server.stop();
  removeFolder(server.data);
  folder.dispose();
});

test("a change of a function, or of what it imports, reaches subscribers over the connection they have", async () => {
  folder.write("notes.ts", notes("two"));
  await expect.poll(() => seen.at(-1), POLL).toBe("two!");
  folder.write("shared.ts", `export const suffix = "?";`);
  await expect.poll(() => seen.at(-1), POLL).toBe("two?");
  folder.write("more.ts", notes("more"));
  await expect
    .poll(() => http.query(makeFunctionReference<"query">("more:say"), {}).catch(String), POLL)
    .toBe("more?");
  folder.remove("more.ts");
  await expect
    .poll(() => http.query(makeFunctionReference<"query">("more:say"), {}).catch(String), POLL)
    .toContain("Could not find");
  expect(network.connections()).toBe(1);
});

test("a file that cannot be loaded is reported, and the functions before it stay until it is repaired", async () => {
  folder.write("notes.ts", "export const say = ((;");
  await expect.poll(() => server.output(), POLL).toContain("could not be loaded");
  expect(await http.query(say, {})).toBe("two?");
  folder.write("notes.ts", notes("three"));
  await expect.poll(() => seen.at(-1), POLL).toBe("three?");
});

test("a schema that the data violates is refused with the document named, and the one before it stays", async () => {
  const id = await http.mutation(add, { text: "old" });
  folder.write("schema.ts", schema("text: v.string(), author: v.string()"));
  await expect.poll(() => server.output(), POLL).toContain(`Document with ID "${id}" in table "notes"`);
  await http.mutation(add, { text: "still accepted" });

  folder.write(
    "schema.ts",
    schema("text: v.string(), author: v.optional(v.string())", `.index("by_text", ["text"])`),
  );
  // An index over documents that were there before it.
  await expect.poll(() => http.query(byText, { text: "old" }).catch(String), POLL).toBe(1);
  expect(await http.query(byText, { text: "still accepted" })).toBe(1);
});
