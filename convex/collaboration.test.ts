// @vitest-environment edge-runtime
import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod/mini";
import {
  ACCESS_PATH,
  AccessGrant,
  TOKEN_AUDIENCE,
  TOKEN_CLOCK_TOLERANCE_SECONDS,
  TOKEN_ISSUER,
  TOKEN_LIFETIME_SECONDS,
} from "../protocol/access";
import { colorForUser } from "../protocol/colors";
import { ROLES } from "../protocol/roles";
import { roomIdFor, workspaceRoomIdFor } from "../protocol/rooms";
import { api } from "./_generated/api";
import {
  deployment,
  giveRole,
  outcome,
  person,
  sharedWorkspace,
  type Deployment,
  type Person,
} from "./people.fixture";
import { verifyToken } from "./token";

const SECRET = "a secret of the tests, 32 bytes or longer";

beforeEach(() => {
  vi.stubEnv("COLLABORATION_TOKEN_SECRET", SECRET);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A token like Convex's own, but for what a forger or a clock changed. */
function forge(
  claims: Record<string, unknown>,
  {
    secret = SECRET,
    alg = "HS256",
    issuer = TOKEN_ISSUER,
    audience = TOKEN_AUDIENCE,
    age = 0,
    lifetime = 300,
  } = {},
): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1000) - age;
  return new SignJWT(claims)
    .setProtectedHeader({ alg })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetime)
    .sign(new TextEncoder().encode(secret));
}

function post(t: Deployment, authorization: string | null, body: string): Promise<Response> {
  return t.fetch(ACCESS_PATH, {
    method: "POST",
    headers: { "content-type": "application/json", ...(authorization === null ? {} : { authorization }) },
    body,
  });
}

/** What a room's `onBeforeConnect` does. */
function knock(t: Deployment, token: string, roomId: string): Promise<Response> {
  return post(t, `Bearer ${token}`, JSON.stringify({ roomId }));
}

async function arrange() {
  const t = deployment();
  const ann = await person(t, "Ann");
  const documentId = await ann.client.mutation(api.documents.create, { title: "Plan" });
  const tokenFor = ({ client }: Person) =>
    client.action(api.collaboration.getCollaborationToken, { resourceType: "doc", resourceId: documentId });
  return { t, ann, documentId, roomId: roomIdFor("doc", documentId), tokenFor };
}

describe("getCollaborationToken", () => {
  it("gives a token for the caller and exactly one room, for at most five minutes", async () => {
    const { ann, documentId, roomId, tokenFor } = await arrange();
    const before = Date.now();
    const issued = await tokenFor(ann);
    expect(issued.roomId).toBe(`doc-${documentId}`);
    expect(issued.expiresAt).toBeGreaterThan(before + 299_000 - 1000);
    expect(issued.expiresAt).toBeLessThanOrEqual(Date.now() + 300_000);
    expect(await verifyToken(issued.token)).toEqual({ sub: ann.userId, room: roomId });
  });

  it("names a diagram's room after the diagram", async () => {
    const { ann } = await arrange();
    const diagramId = await ann.client.mutation(api.diagrams.create, { title: "Map" });
    const { roomId } = await ann.client.action(api.collaboration.getCollaborationToken, {
      resourceType: "diagram",
      resourceId: diagramId,
    });
    expect(roomId).toBe(`diagram-${diagramId}`);
  });

  it.each(["", "x".repeat(31)])("issues nothing under the key %j", async (secret) => {
    const { ann, tokenFor } = await arrange();
    vi.stubEnv("COLLABORATION_TOKEN_SECRET", secret);
    await expect(tokenFor(ann)).rejects.toThrow("COLLABORATION_TOKEN_SECRET");
  });
});

describe(`POST ${ACCESS_PATH}`, () => {
  it.each(ROLES)("tells a room who a %s is", async (role) => {
    const { t, documentId, roomId, tokenFor } = await arrange();
    const bob = await person(t, "Bob");
    await giveRole(t, documentId, bob, role);
    const response = await knock(t, (await tokenFor(bob)).token, roomId);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(z.parse(z.strictObject(AccessGrant.shape), await response.json())).toEqual({
      userId: bob.userId,
      name: "Bob",
      color: colorForUser(bob.userId),
      role,
    });
  });

  it("decides as of now: a role that changed, then one that was taken away", async () => {
    const { t, ann, documentId, roomId, tokenFor } = await arrange();
    const bob = await person(t, "Bob");
    const share = (role: "editor" | "viewer") =>
      ann.client.mutation(api.documents.addMember, { documentId, email: bob.email, role });
    await share("editor");
    const { token } = await tokenFor(bob);
    await share("viewer");
    expect(await (await knock(t, token, roomId)).json()).toMatchObject({ role: "viewer" });
    await ann.client.mutation(api.documents.removeMember, { documentId, userId: bob.userId });
    expect((await knock(t, token, roomId)).status).toBe(403);
  });

  it("refuses a token once it has expired, and not before", async () => {
    const { t, ann, roomId, tokenFor } = await arrange();
    const { token, expiresAt } = await tokenFor(ann);
    const end = expiresAt + TOKEN_CLOCK_TOLERANCE_SECONDS * 1000;
    vi.useFakeTimers({ toFake: ["Date"], now: end - 1000 });
    expect((await knock(t, token, roomId)).status).toBe(200);
    vi.setSystemTime(end);
    expect((await knock(t, token, roomId)).status).toBe(401);
  });

  it("refuses an outsider who got hold of a signed token, and somebody whose account is gone", async () => {
    const { t, roomId } = await arrange();
    const eve = await person(t, "Eve");
    const token = await forge({ sub: eve.userId, room: roomId });
    expect((await knock(t, token, roomId)).status).toBe(403);
    await t.run((ctx) => ctx.db.delete(eve.userId));
    expect((await knock(t, token, roomId)).status).toBe(403);
    expect((await knock(t, await forge({ sub: "nobody", room: roomId }), roomId)).status).toBe(403);
  });

  it("answers 404 for what is gone and for what never was", async () => {
    const { t, ann, documentId, roomId, tokenFor } = await arrange();
    const { token } = await tokenFor(ann);
    await t.run((ctx) => ctx.db.delete(documentId));
    expect((await knock(t, token, roomId)).status).toBe(404);
    const never = await forge({ sub: ann.userId, room: "doc-0" });
    expect((await knock(t, never, "doc-0")).status).toBe(404);
  });

  it("refuses a token that is for another room, also of the same resource under another kind", async () => {
    const { t, ann, documentId, tokenFor } = await arrange();
    const { token } = await tokenFor(ann);
    const other = await ann.client.mutation(api.documents.create, { title: "Other" });
    expect((await knock(t, token, roomIdFor("doc", other))).status).toBe(401);
    expect((await knock(t, token, roomIdFor("diagram", documentId))).status).toBe(401);
  });

  it.each<[string, Parameters<typeof forge>[1]]>([
    ["signed with another key", { secret: "another secret that is long enough, too" }],
    ["signed with another algorithm", { alg: "HS512" }],
    ["of another issuer", { issuer: "convex" }],
    ["for another audience", { audience: "convex" }],
    ["expired", { age: TOKEN_LIFETIME_SECONDS + TOKEN_CLOCK_TOLERANCE_SECONDS + 1 }],
    ["of the future", { age: -3600 }],
    ["made to live for a year and old already", { age: 3600, lifetime: 365 * 24 * 3600 }],
  ])("refuses a token %s", async (_what, change) => {
    const { t, ann, roomId } = await arrange();
    const claims = { sub: ann.userId, room: roomId };
    expect((await knock(t, await forge(claims), roomId)).status).toBe(200);
    expect((await knock(t, await forge(claims, change), roomId)).status).toBe(401);
  });

  it("refuses a token without a user or a room", async () => {
    const { t, ann, roomId } = await arrange();
    expect((await knock(t, await forge({ room: roomId }), roomId)).status).toBe(401);
    expect((await knock(t, await forge({ sub: ann.userId }), roomId)).status).toBe(401);
  });

  it("refuses an unsigned token", async () => {
    const { t, ann, roomId, tokenFor } = await arrange();
    const [, payload] = (await tokenFor(ann)).token.split(".");
    const header = btoa(JSON.stringify({ alg: "none" })).replaceAll("=", "");
    expect((await knock(t, `${header}.${payload}.`, roomId)).status).toBe(401);
  });

  it.each([null, "", "Bearer", "Bearer ", "Bearer garbage", "Bearer a.b.c", "Basic YTpi", "Bearer a b"])(
    "refuses the authorization %j",
    async (authorization) => {
      const { t, roomId } = await arrange();
      expect((await post(t, authorization, JSON.stringify({ roomId }))).status).toBe(401);
    },
  );

  it.each(["", "{", "null", "[]", "{}", '{"roomId":7}', '{"roomId":""}', '{"roomId":"task-1"}'])(
    "calls the body %j malformed",
    async (body) => {
      const { t, ann, tokenFor } = await arrange();
      const { token } = await tokenFor(ann);
      expect((await post(t, `Bearer ${token}`, body)).status).toBe(400);
    },
  );

  it.each(["doc-", "doc", "-", "doc-a-b", "DOC-a", "doc-A", " doc-a", "doc-%2e", `doc-${"a".repeat(65)}`])(
    "calls the room id %j malformed",
    async (roomId) => {
      const { t, ann, tokenFor } = await arrange();
      const { token } = await tokenFor(ann);
      expect((await knock(t, token, roomId)).status).toBe(400);
    },
  );

  it("fails, rather than letting in, when the key is not set", async () => {
    const { t, ann, roomId, tokenFor } = await arrange();
    const { token } = await tokenFor(ann);
    vi.stubEnv("COLLABORATION_TOKEN_SECRET", "");
    await expect(knock(t, token, roomId)).rejects.toThrow("COLLABORATION_TOKEN_SECRET");
  });

  it("says nothing on the console, least of all a token or a name", async () => {
    const said = (["log", "info", "warn", "error", "debug"] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation(() => undefined),
    );
    const { t, ann, roomId, tokenFor } = await arrange();
    const { token } = await tokenFor(ann);
    for (const [bearer, room] of [
      [token, roomId],
      [token, "doc-0"],
      [token, "junk"],
      ["garbage", roomId],
    ] as const) {
      await knock(t, bearer, room);
    }
    for (const spy of said) expect(spy).not.toHaveBeenCalled();
  });
});

describe("the presence room of a workspace", () => {
  async function arrangeWorkspace() {
    const t = deployment();
    const [ann, bob] = [await person(t, "Ann"), await person(t, "Bob")];
    const workspaceId = await sharedWorkspace(t, ann);
    const tokenFor = ({ client }: Pick<Person, "client">) =>
      client.action(api.collaboration.getPresenceToken, { workspaceId });
    return { t, ann, bob, workspaceId, roomId: workspaceRoomIdFor(workspaceId), tokenFor };
  }

  it("is open to whoever is in the workspace, as a viewer", async () => {
    const { t, ann, roomId, tokenFor } = await arrangeWorkspace();
    const { token, roomId: named } = await tokenFor(ann);
    expect(named).toBe(roomId);
    const response = await knock(t, token, roomId);
    expect(AccessGrant.parse(await response.json())).toMatchObject({ userId: ann.userId, role: "viewer" });
  });

  it("has no token for an outsider, for nobody, and for what is no workspace", async () => {
    const { t, ann, bob, tokenFor } = await arrangeWorkspace();
    expect(await outcome(tokenFor(bob))).toBe("forbidden");
    expect(await outcome(tokenFor({ client: t }))).toBe("unauthenticated");
    const junk = ann.client.action(api.collaboration.getPresenceToken, { workspaceId: "doc-1" });
    expect(await outcome(junk)).toBe("not_found");
  });

  it("is closed at the next connect to who has left the workspace, and with an expired token", async () => {
    const { t, ann, roomId, tokenFor } = await arrangeWorkspace();
    const { token } = await tokenFor(ann);
    const claims = { sub: ann.userId, room: roomId };
    expect((await knock(t, await forge(claims, { age: 3600 }), roomId)).status).toBe(401);
    await t.run(async (ctx) => {
      for (const row of await ctx.db.query("workspaceMembers").collect()) await ctx.db.delete(row._id);
    });
    expect((await knock(t, token, roomId)).status).toBe(403);
  });
});
