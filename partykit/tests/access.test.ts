import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GRANT_HEADER, TOKEN_PARAM } from "../../protocol/access";
import {
  grantFor,
  SERVICE_SECRET,
  SITE_URL,
  signToken,
  startAccessServer,
  type AccessServer,
  type Answer,
  type TokenOptions,
} from "./access-server";
import { handshake, rawClient, syncedClient } from "./clients";
import { startPartyKit, until, type PartyKitServer } from "./server-process";

let convex: AccessServer;
let server: PartyKitServer;

beforeAll(async () => {
  convex = await startAccessServer();
  server = await startPartyKit({ vars: convex.vars });
});

afterAll(async () => {
  await server.dispose();
  await convex.close();
});

beforeEach(() => {
  convex.answer = null;
  convex.roles.clear();
});

/** The status of an upgrade, after making sure that no refused one has created a room. */
async function upgrade(
  room: string,
  token: string | null,
  headers?: Record<string, string>,
): Promise<number> {
  const before = await server.objects();
  const query = token === null ? "" : `?${TOKEN_PARAM}=${encodeURIComponent(token)}`;
  const result = await handshake(server.host, `/parties/main/${room}${query}`, headers);
  if (result.kind === "open") {
    result.client.socket.close();
    return 101;
  }
  expect(await server.objects(), "a refused request has created a room").toEqual(before);
  return result.status;
}

describe("the token is checked before Convex is asked", () => {
  const room = "doc-tokens";
  const cases: [string, (user: string) => Promise<string | null>][] = [
    ["missing", () => Promise.resolve(null)],
    ["empty", () => Promise.resolve("")],
    ["garbage", () => Promise.resolve("garbage.%00.token")],
    ["unsigned", () => Promise.resolve(`${btoa('{"alg":"none"}')}.${btoa('{"room":"doc-tokens"}')}.`)],
    ["expired", signedWith({ age: 600 })],
    ["issued long ago, whatever its expiry says", signedWith({ age: 600, lifetime: 86_400 })],
    ["from the future", signedWith({ age: -600 })],
    ["signed with another key", signedWith({ secret: "x".repeat(40) })],
    ["for another audience", signedWith({ audience: "convex" })],
    ["of another issuer", signedWith({ issuer: "somebody" })],
    ["for another room", (user) => signToken(user, "doc-other")],
    ["for a room whose name begins alike", (user) => signToken(user, "doc-token")],
  ];

  function signedWith(options: TokenOptions) {
    return (user: string) => signToken(user, room, options);
  }

  test.each(cases)("%s: 401", async (_name, token) => {
    const asked = convex.asked;
    expect(await upgrade(room, await token("editor1"))).toBe(401);
    expect(convex.asked).toBe(asked);
  });
});

test.each([
  "task-1",
  "doc-",
  "-abc",
  "doc",
  "doc-a-b",
  "doc-ABC",
  "DOC-abc",
  "doc-%61bc",
  "workspace-abc",
  "doc-a%20b",
])("the room id %s is refused with 400", async (room) => {
  const asked = convex.asked;
  expect(await upgrade(room, await signToken("editor1", room))).toBe(400);
  expect(convex.asked).toBe(asked);
});

test("somebody with access gets in, and that creates the room", async () => {
  const before = await server.objects();
  expect(await upgrade("doc-welcome", await signToken("viewer1", "doc-welcome"))).toBe(101);
  expect(await server.objects()).toHaveLength(before.length + 1);
});

test("an outsider and a removed member are refused with 403", async () => {
  const room = "doc-members";
  expect(await upgrade(room, await signToken("stranger", room))).toBe(403);
  expect(await upgrade(room, await signToken("editor1", room))).toBe(101);
  convex.roles.set("editor1", "none");
  expect(await upgrade(room, await signToken("editor1", room))).toBe(403);
});

describe("a browser is let in for Ripple's own page only", () => {
  const room = "doc-origins";

  test("a page of another site is refused with 403 before anything else is looked at", async () => {
    const asked = convex.asked;
    const elsewhere = { origin: "https://evil.example" };
    expect(await upgrade(room, await signToken("editor1", room), elsewhere)).toBe(403);
    expect(await upgrade(room, await signToken("editor1", room), { origin: "null" })).toBe(403);
    expect(await upgrade(room, null, elsewhere)).toBe(403);
    expect(await upgrade("task-1", "garbage", elsewhere)).toBe(403);
    expect(convex.asked).toBe(asked);
  });

  test("the page gets in, and so does a program, with a token and not without", async () => {
    expect(await upgrade(room, await signToken("editor1", room), { origin: SITE_URL })).toBe(101);
    expect(await upgrade(room, await signToken("editor1", room))).toBe(101);
    expect(await upgrade(room, "garbage", { origin: SITE_URL })).toBe(401);
  });
});

test("with a token secret that is too short nobody gets in, and none is asked", async () => {
  const secret = "x".repeat(31);
  const asked = convex.asked;
  for (const name of ["COLLABORATION_TOKEN_SECRET", "COLLABORATION_TOKEN_SECRET_SECOND"]) {
    const weak = await startPartyKit({ vars: { ...convex.vars, [name]: secret } });
    try {
      const token = await signToken("editor1", "doc-weak", { secret });
      const path = `/parties/main/doc-weak?${TOKEN_PARAM}=${token}`;
      expect(await handshake(weak.host, path)).toEqual({ kind: "refused", status: 503 });
      expect(await weak.objects()).toEqual([]);
    } finally {
      await weak.dispose();
    }
  }
  expect(convex.asked).toBe(asked);
});

describe("Convex's answers", () => {
  const json = (body: unknown): Answer => {
    return (response) => response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  };
  const status = (code: number): Answer => {
    return (response) => response.writeHead(code).end();
  };
  const cases: [string, number, Answer][] = [
    ["404, no such resource", 403, status(404)],
    ["401, a token that it no longer takes", 401, status(401)],
    ["500", 503, status(500)],
    ["a redirect", 503, (response) => response.writeHead(302, { location: "/elsewhere" }).end()],
    ["204 without a grant", 503, status(204)],
    ["200 that is not JSON", 503, (response) => response.end("<html>")],
    ["200 with an unknown role", 503, json({ ...grantFor("editor1", "editor"), role: "admin" })],
    ["200 without a name", 503, json({ userId: "editor1", color: "#c2255c", role: "editor" })],
    ["200 about somebody else", 503, json(grantFor("owner9", "owner"))],
    ["a connection that breaks", 503, (response) => response.destroy()],
  ];

  test.each(cases)("%s: %i", async (_name, expected, answer) => {
    convex.answer = answer;
    expect(await upgrade("doc-answers", await signToken("editor1", "doc-answers"))).toBe(expected);
  });

  test.each([
    ["never comes", () => undefined],
    ["stops in the middle", (response) => response.writeHead(200).write('{"userId":')],
  ] satisfies [string, Answer][])("an answer that %s is a 503 after five seconds", async (_name, answer) => {
    convex.answer = answer;
    const startedAt = Date.now();
    expect(await upgrade("doc-slow", await signToken("editor1", "doc-slow"))).toBe(503);
    expect(Date.now() - startedAt).toBeGreaterThan(4_500);
    expect(Date.now() - startedAt).toBeLessThan(8_000);
  });
});

test("while Convex is down connects are refused with 503, and later ones succeed by themselves", async () => {
  const mine = await startAccessServer();
  const room = "doc-outage";
  const alone = await startPartyKit({ vars: mine.vars });
  try {
    await mine.close();
    const token = await signToken("editor1", room);
    const refused = await handshake(alone.host, `/parties/main/${room}?${TOKEN_PARAM}=${token}`);
    expect(refused).toEqual({ kind: "refused", status: 503 });
    expect(await alone.objects()).toEqual([]);
  } finally {
    await alone.dispose();
  }
});

test("a client recovers by itself when Convex is back", async () => {
  convex.answer = (response) => response.writeHead(500).end();
  const connecting = syncedClient(server.host, "doc-recovery", "editor1");
  const asked = convex.asked;
  await until("it has tried twice", () => convex.asked > asked + 1);
  convex.answer = null;
  const client = await connecting;
  expect(client.provider.synced).toBe(true);
  client.destroy();
});

test("headers of a client never become an identity", async () => {
  const forged = { [GRANT_HEADER]: encodeURIComponent(JSON.stringify(grantFor("owner1", "owner"))) };
  expect(await upgrade("doc-forged", null, forged)).toBe(401);
  expect(await upgrade("doc-forged", await signToken("stranger", "doc-forged"), forged)).toBe(403);

  const token = await signToken("viewer1", "doc-forged");
  const path = `/parties/main/doc-forged?${TOKEN_PARAM}=${token}`;
  const entered = await handshake(server.host, path, forged);
  const witness = await rawClient(server.host, "doc-forged", "editor1");
  if (entered.kind === "refused") throw new Error("refused");
  // A state for client id 7, clock 1, as JSON.
  const state = new TextEncoder().encode('{"user":{"name":"forged"}}');
  entered.client.send(new Uint8Array([1, state.length + 4, 1, 7, 1, state.length, ...state]));
  await until("the witness sees the state", () => witness.frames.some((frame) => frame[0] === 1));
  const seen = witness.frames.map((frame) => new TextDecoder().decode(frame)).join();
  expect(seen).toContain("Name of viewer1");
  expect(seen).not.toContain("forged");
  expect(seen).not.toContain("owner1");
  entered.client.socket.close();
  witness.socket.close();
});

describe("plain HTTP", () => {
  async function get(path: string, headers: Record<string, string> = {}): Promise<number> {
    const before = await server.objects();
    const response = await fetch(`http://${server.host}/parties/main/${path}`, { headers });
    await response.arrayBuffer();
    expect(await server.objects(), "a refused request has created a room").toEqual(before);
    return response.status;
  }

  test("without the service secret it is refused with 401, whatever else it claims", async () => {
    expect(await get("doc-http")).toBe(401);
    expect(await get("doc-http", { authorization: "Bearer wrong" })).toBe(401);
    expect(await get("doc-http", { authorization: `Basic ${SERVICE_SECRET}` })).toBe(401);
    expect(await get("doc-http", { [GRANT_HEADER]: JSON.stringify(grantFor("owner1", "owner")) })).toBe(401);
    expect(await get("doc-http", { "x-ripple-service": "true" })).toBe(401);
    expect(await get("doc-http", { authorization: `Bearer ${await signToken("owner1", "doc-http")}` })).toBe(
      401,
    );
  });

  test("an odd room id is refused with 400, even with the secret", async () => {
    const authorization = `Bearer ${SERVICE_SECRET}`;
    for (const room of ["task-1", "doc-", "%2e%2e%20junk", "doc-a-b"]) {
      expect(await get(room, { authorization })).toBe(400);
    }
  });

  test("a browser is refused with 403 and learns nothing, whatever page it shows and whatever it knows", async () => {
    const authorization = `Bearer ${SERVICE_SECRET}`;
    for (const origin of ["https://evil.example", SITE_URL]) {
      for (const method of ["GET", "DELETE", "OPTIONS"]) {
        const before = await server.objects();
        const response = await fetch(`http://${server.host}/parties/main/doc-http`, {
          method,
          headers: { authorization, origin },
        });
        await response.arrayBuffer();
        expect(response.status).toBe(403);
        expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
        expect(await server.objects()).toEqual(before);
      }
    }
  });
});
