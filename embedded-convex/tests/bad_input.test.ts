import { ConvexClient } from "convex/browser";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../conformance/api";
import { newRun, QUIET, useDeployment } from "../conformance/deployment";
import { cuttableNetwork } from "../conformance/cuttable_socket";
import { RawClient } from "./raw_client";
import { below, newSeed, oneOf, seededRandom, type Random } from "./random";

const POLL = { timeout: 30_000, interval: 10 };
const deployment = useDeployment();

/** Somebody who does nothing wrong: whatever others send, this one's connection and query live on. */
const network = cuttableNetwork();
let bystander: ConvexClient;
let seen: (number | null)[] = [];
let increments = 0;

beforeAll(async () => {
  bystander = new ConvexClient(deployment.url, { ...QUIET, webSocketConstructor: network.socket });
  const id = await bystander.mutation(api.counters.create, { name: newRun() });
  bystander.onUpdate(api.counters.get, { id }, (value) => seen.push(value));
  check = async () => {
    increments += 1;
    await bystander.mutation(api.counters.increment, { id });
    await expect.poll(() => seen.at(-1), POLL).toBe(increments);
    expect(network.connections()).toBe(1);
    seen = [];
  };
});
afterAll(() => bystander.close());
let check: () => Promise<void>;

describe("a frame that is not of the protocol gets a FatalError and the connection is closed", () => {
  const add = { type: "Add", queryId: 1, udfPath: "values:big", args: [{ chars: 1 }] };
  const frames: [string, unknown[]][] = [
    ["text that is not JSON", ["{"]],
    ["an array", [[]]],
    ["null", ["null"]],
    ["an unknown type", [{ type: "Shutdown" }]],
    ["a field of the wrong type", [{ type: "Mutation", requestId: "1", udfPath: "a:b", args: [] }]],
    ["two arguments", [{ type: "Mutation", requestId: 1, udfPath: "a:b", args: [{}, {}] }]],
    ["a second Connect", [{ type: "Connect", sessionId: "x", connectionCount: 0, lastCloseReason: null }]],
    [
      "a query set from another version",
      [{ type: "ModifyQuerySet", baseVersion: 7, newVersion: 8, modifications: [] }],
    ],
    [
      "a query set that skips one",
      [{ type: "ModifyQuerySet", baseVersion: 0, newVersion: 2, modifications: [] }],
    ],
    ["an identity from another version", [{ type: "Authenticate", tokenType: "None", baseVersion: 5 }]],
    [
      "a query that is added twice",
      [{ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications: [add, add] }],
    ],
    [
      "a query that is removed but was never there",
      [
        {
          type: "ModifyQuerySet",
          baseVersion: 0,
          newVersion: 1,
          modifications: [{ type: "Remove", queryId: 3 }],
        },
      ],
    ],
    ["a component", [{ type: "Mutation", requestId: 1, udfPath: "a:b", args: [], componentPath: "other" }]],
    ["bytes", [Buffer.from([0xff, 0xfe, 0])]],
  ];
  test.each(frames)("%s", async (_what, messages) => {
    const raw = await RawClient.open(deployment.url);
    raw.connect();
    for (const message of messages) raw.send(message);
    expect((await raw.closed).code).toBe(1008);
    expect(raw.ofType("FatalError")).toHaveLength(1);
    await check();
  });
  test.each([
    ["the largest number", Buffer.alloc(8, 0xff)],
    ["two days ahead", timestampAhead(2)],
  ])("a clock that no server has had: %s", async (_what, timestamp) => {
    const raw = await RawClient.open(deployment.url);
    raw.send({
      type: "Connect",
      sessionId: "ahead",
      connectionCount: 0,
      maxObservedTimestamp: timestamp.toString("base64"),
    });
    expect((await raw.closed).code).toBe(1008);
    expect(String(raw.ofType("FatalError")[0]?.["error"])).toContain("ahead of this server's clock");
    await check();
  });
  test("anything before Connect", async () => {
    const raw = await RawClient.open(deployment.url);
    raw.send({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications: [] });
    expect((await raw.closed).code).toBe(1008);
    expect(String(raw.ofType("FatalError")[0]?.["error"])).toContain("Connect");
  });
  test("a frame that is larger than any argument may be closes with 1009", async () => {
    const raw = await RawClient.open(deployment.url);
    raw.connect();
    raw.send("x".repeat(18 * 1024 * 1024));
    expect((await raw.closed).code).toBe(1009);
    await check();
  });
});

describe("a request that cannot succeed gets an error of its own, and the connection stays", () => {
  test.each([
    ["an unknown function", "nowhere:atAll", {}, "Could not find public function"],
    ["a strange path", "../../etc/passwd:default", {}, "Could not find public function"],
    ["arguments that are no object", "values:echo", 5, "must be an object"],
    ["a malformed value", "counters:increment", { id: { $integer: "AAA=" } }, "expected 8"],
    ["a reserved field", "counters:increment", { $id: 1 }, "reserved"],
    ["nesting without end", "counters:increment", nested(200), "nested"],
  ])("%s", async (_what, udfPath, args, problem) => {
    const raw = await RawClient.open(deployment.url);
    raw.connect();
    raw.send({ type: "Mutation", requestId: 0, udfPath, args: [args] });
    raw.send({ type: "Action", requestId: 1, udfPath, args: [args] });
    await expect.poll(() => raw.frames.length, POLL).toBe(2);
    expect(raw.ofType("MutationResponse")[0]).toMatchObject({ requestId: 0, success: false });
    expect(String(raw.ofType("MutationResponse")[0]?.["result"])).toMatch(
      new RegExp(`${problem}|Trying to execute`),
    );
    expect(raw.ofType("ActionResponse")[0]).toMatchObject({ requestId: 1, success: false });
    raw.end();
  });
});

describe("tokens", () => {
  test("one that expires while a session lasts ends the session with an AuthError", async () => {
    const raw = await RawClient.open(deployment.url);
    raw.connect();
    raw.send({
      type: "Authenticate",
      tokenType: "User",
      baseVersion: 0,
      value: await deployment.token({}, { expiresIn: 2 }),
    });
    await expect.poll(() => raw.ofType("Transition").length, POLL).toBe(1);
    await raw.closed;
    expect(raw.ofType("AuthError")).toEqual([
      { type: "AuthError", error: "Token expired", baseVersion: 1, authUpdateAttempted: false },
    ]);
  });
  test("one that is not valid is refused with the version that stays", async () => {
    const raw = await RawClient.open(deployment.url);
    raw.connect();
    raw.send({ type: "Authenticate", tokenType: "User", baseVersion: 0, value: "garbage" });
    await raw.closed;
    expect(raw.ofType("AuthError")[0]).toMatchObject({ baseVersion: 0, authUpdateAttempted: true });
  });
  test("an admin key that was guessed is refused", async () => {
    const raw = await RawClient.open(deployment.url);
    raw.connect();
    raw.send({ type: "Authenticate", tokenType: "Admin", baseVersion: 0, value: "local-embedded|guess" });
    await raw.closed;
    expect(raw.ofType("AuthError")).toHaveLength(1);
    const headers = { Authorization: "Convex local-embedded|guess" };
    const body = JSON.stringify({ path: "refused:secret", args: {} });
    const response = await fetch(`${deployment.url}/api/function`, { method: "POST", headers, body });
    expect(response.status).toBe(401);
  });
});

describe("other sites", () => {
  test.each(["https://evil.example", "http://127.0.0.1.evil.example", "null", "file://"])(
    "a page of %s may neither connect nor call",
    async (origin) => {
      await expect(RawClient.open(deployment.url, "/api/1.48.0/sync", { Origin: origin })).rejects.toThrow(
        "403",
      );
      const response = await fetch(`${deployment.url}/api/query`, {
        method: "POST",
        headers: { Origin: origin },
      });
      expect(response.status).toBe(403);
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    },
  );
  test.each(["query", "mutation", "action", "storage/upload"])(
    "a page of this machine may, and is told so before it asks for api/%s",
    async (path) => {
      const headers = {
        Origin: "http://localhost:5173",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,convex-client",
      };
      const response = await fetch(`${deployment.url}/api/${path}`, { method: "OPTIONS", headers });
      expect(response.ok).toBe(true);
      const allowed = Object.fromEntries(
        [...response.headers].filter(([name]) => name.startsWith("access-control-allow-")),
      );
      expect(allowed).toMatchObject({
        "access-control-allow-origin": headers.Origin,
        "access-control-allow-headers": headers["Access-Control-Request-Headers"],
        "access-control-allow-credentials": "true",
      });
      expect(allowed["access-control-allow-methods"]).toContain("POST");
    },
  );
  test("a foreign host name that leads here is refused", async () => {
    const { hostname, port } = new URL(deployment.url);
    const status = await new Promise((resolve, reject) => {
      const call = request(
        { hostname, port, path: "/version", headers: { Host: "evil.example" } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      call.on("error", reject).end();
    });
    expect(status).toBe(403);
  });
  test.each(["/api/0.9.0/sync", "/api/sync", "/api/x.y.z/sync", "/"])(
    "a WebSocket at %s is refused",
    async (path) => {
      await expect(RawClient.open(deployment.url, path)).rejects.toThrow(/40[04]/);
    },
  );
});

describe("HTTP", () => {
  const post = async (path: string, body: string) =>
    await fetch(`${deployment.url}${path}`, { method: "POST", body });
  test.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no path", `{"args":{}}`],
    ["an unknown format", `{"path":"values:echo","args":{},"format":"xml"}`],
  ])("a body with %s is a bad request", async (_what, body) => {
    const response = await post("/api/query", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "BadRequest" });
  });
  test("a body that is too large is refused", async () => {
    const response = await post("/api/query", "x".repeat(17 * 1024 * 1024));
    expect(response.status).toBe(413);
    await check();
  });
  test.each([
    "/api/storage/..%2f..%2fdata.sqlite",
    "/api/storage/%2e%2e",
    "/api/storage/admin_key",
    "/api/storage/x'--",
  ])("%s is no file", async (path) => {
    const response = await fetch(deployment.url + path);
    expect(response.status).toBe(404);
  });
  test("an endpoint that is not there is named", async () => {
    const response = await post("/api/push_config", "{}");
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("/api/push_config");
  });
});

test("a fuzzed protocol harms nobody", { timeout: 60_000 }, async () => {
  const SESSIONS = 150;
  const seed = newSeed();
  console.log(`SEED=${seed}`);
  const random = seededRandom(seed);
  for (let i = 0; i < SESSIONS; i++) {
    const raw = await RawClient.open(deployment.url);
    if (random() < 0.9) raw.connect(`fuzz-${i % 5}`);
    let version = 0;
    for (let n = below(random, 8); n >= 0; n--) raw.send(mutilate(random, message(random, version++)));
    // A well-behaved end, so that the server has read all that came before it, or has hung up.
    raw.send({ type: "Event", eventType: "end", event: null });
    raw.send({ type: "Action", requestId: 99, udfPath: "identity:subjectInAction", args: [{}] });
    await Promise.race([
      raw.closed,
      expect
        .poll(() => raw.ofType("ActionResponse").some(({ requestId }) => requestId === 99), POLL)
        .toBe(true),
    ]);
    raw.end();
  }
  await check();
  expect(deployment.process?.output()).not.toContain("Unhandled");
});

function timestampAhead(days: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(Date.now() + days * 24 * 60 * 60_000) * 1_000_000n);
  return bytes;
}

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { in: nested(depth - 1) };
}

function message(random: Random, version: number): unknown {
  const call = {
    udfPath: oneOf(random, [
      "counters:get",
      "counters:increment",
      "values:echo",
      "messages:page",
      "nope:nope",
      ":",
      "",
    ]),
    args: [oneOf(random, [{}, { id: "x" }, { value: nested(below(random, 80)) }, null, 1, "s", [1]])],
  };
  const queryId = below(random, 3);
  return oneOf(random, [
    {
      type: "ModifyQuerySet",
      baseVersion: version,
      newVersion: version + 1,
      modifications: [{ type: "Add", queryId, ...call }],
    },
    {
      type: "ModifyQuerySet",
      baseVersion: version,
      newVersion: version + 1,
      modifications: [{ type: "Remove", queryId }],
    },
    { type: "Mutation", requestId: below(random, 3), ...call },
    { type: "Action", requestId: below(random, 3), ...call },
    {
      type: "Authenticate",
      tokenType: oneOf(random, ["None", "User", "Admin"]),
      baseVersion: 0,
      value: "a.b.c",
    },
    { type: "Event", eventType: "x", event: nested(5) },
    {
      type: "Connect",
      sessionId: "",
      connectionCount: -1,
      lastCloseReason: null,
      maxObservedTimestamp: "!!",
    },
  ]);
}

/** Sometimes drops, repeats or replaces characters. */
function mutilate(random: Random, value: unknown): string | Buffer {
  let text = JSON.stringify(value);
  for (let n = random() < 0.5 ? 0 : below(random, 4); n > 0; n--) {
    const at = below(random, text.length);
    const piece = oneOf(random, [
      "",
      text.slice(at, at + 5).repeat(3),
      "\u0000",
      "9".repeat(30),
      "null",
      "}",
      "\ud800",
    ]);
    text = text.slice(0, at) + piece + text.slice(at + below(random, 4));
  }
  return random() < 0.1 ? Buffer.from(text) : text;
}
