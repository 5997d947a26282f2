/** Clients and programs of this machine that do what nobody should: they harm themselves at most. */
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import Database from "libsql";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { api } from "../conformance/api";
import { CONFORMANCE_FUNCTIONS, newRun, QUIET } from "../conformance/deployment";
import { RawClient } from "./raw_client";
import { removeFolder, startServerProcess, type ServerProcess } from "./server_process";

const POLL = { timeout: 30_000, interval: 10 };

let server: ServerProcess;
let http: ConvexHttpClient;
beforeAll(async () => {
  server = await startServerProcess({ functions: CONFORMANCE_FUNCTIONS });
  http = new ConvexHttpClient(server.url, QUIET);
});
afterAll(async () => {
  // An orderly end shows that it was still there.
  expect(await server.stop()).toBe(0);
  removeFolder(server.data);
});

test("nesting without end is an error of whoever sends them", async () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  for (const args of [
    deep,
    `{"value":${deep}}`,
    `{"value":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`,
  ]) {
    const response = await fetch(`${server.url}/api/query`, {
      method: "POST",
      body: `{"path":"values:echo","args":${args}}`,
    });
    expect([400, 560]).toContain(response.status);

    const raw = await RawClient.open(server.url);
    raw.connect("deep");
    const add = `{"type":"Add","queryId":0,"udfPath":"values:echo","args":[${args}]}`;
    raw.send(`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[${add}]}`);
    raw.send(`{"type":"Mutation","requestId":0,"udfPath":"counters:create","args":[${args}]}`);
    await Promise.race([
      raw.closed,
      expect.poll(() => raw.ofType("MutationResponse"), POLL).toMatchObject([{ success: false }]),
    ]);
    raw.end();
  }
  expect(await http.query(api.values.echo, { value: 1 })).toBe(1);
});

test("who gives up the admin key sees nothing any more that needs it", async () => {
  const raw = await RawClient.open(server.url);
  raw.connect("admin");
  raw.send({ type: "Authenticate", tokenType: "Admin", baseVersion: 0, value: server.adminKey });
  const add = { type: "Add", queryId: 0, udfPath: "refused:secret", args: [{}] };
  raw.send({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications: [add] });
  const modifications = () =>
    raw.ofType("Transition").flatMap((each) => each["modifications"] as { type: string }[]);
  await expect.poll(() => modifications().map(({ type }) => type), POLL).toEqual(["QueryUpdated"]);
  raw.send({ type: "Authenticate", tokenType: "None", baseVersion: 1 });
  await expect
    .poll(() => modifications().map(({ type }) => type), POLL)
    .toEqual(["QueryUpdated", "QueryFailed"]);
  raw.end();
});

test("while another program has the database locked, writes fail with an answer; reads do not", async () => {
  const client = new ConvexClient(server.url, QUIET);
  const id = await client.mutation(api.counters.create, { name: newRun() });
  const database = new Database(join(server.data, "data.sqlite"));
  try {
    database.exec("BEGIN IMMEDIATE");
    await expect(client.mutation(api.counters.increment, { id })).rejects.toThrow(
      /failed to run counters:increment/,
    );
    await expect(http.mutation(api.counters.increment, { id })).rejects.toThrow(/Its terminal says why/);
    expect(server.output()).toContain("database is locked");
    expect(await client.query(api.counters.get, { id })).toBe(0);
    database.exec("ROLLBACK");
    expect(await client.mutation(api.counters.increment, { id })).toBe(1);
  } finally {
    database.close();
    await client.close();
  }
});
