// @vitest-environment edge-runtime
import { exportJWK, exportPKCS8, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { NAME_MAX_CHARS, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from "../protocol/limits";
import { api } from "./_generated/api";
import { deployment, outcome, type Deployment } from "./people.fixture";

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  vi.stubEnv("JWT_PRIVATE_KEY", (await exportPKCS8(privateKey)).trimEnd().replaceAll("\n", " "));
  vi.stubEnv("JWKS", JSON.stringify({ keys: [{ use: "sig", ...(await exportJWK(publicKey)) }] }));
  vi.stubEnv("AUTH_LOG_LEVEL", "ERROR");
  vi.stubEnv("CONVEX_SITE_URL", "http://convex.test");
  vi.stubEnv("SITE_URL", "http://site.test");
});
afterAll(() => {
  vi.unstubAllEnvs();
});

const ANN = { email: "ann@example.com", password: "correct horse", name: "Ann" };

function signUp(t: Deployment, change: Record<string, unknown> = {}) {
  return t.action(api.auth.signIn, { provider: "password", params: { flow: "signUp", ...ANN, ...change } });
}

function signIn(t: Deployment, change: Record<string, unknown> = {}) {
  const { email, password } = ANN;
  const params = { flow: "signIn", email, password, ...change };
  return t.action(api.auth.signIn, { provider: "password", params });
}

function signInAnonymously(t: Deployment, params: Record<string, unknown>) {
  return t.action(api.auth.signIn, { provider: "anonymous", params });
}

/** A client that carries the session token which signing in gave out. */
function clientOf(t: Deployment, { tokens }: Awaited<ReturnType<typeof signUp>>) {
  const payload = tokens?.token.split(".")[1];
  if (payload === undefined) throw new Error("not signed in");
  const claims: unknown = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
  if (typeof claims !== "object" || claims === null || !("sub" in claims) || typeof claims.sub !== "string") {
    throw new Error("a token without a subject");
  }
  return t.withIdentity({ subject: claims.sub });
}

const everything = (t: Deployment) =>
  t.run(async (ctx) => ({
    users: await ctx.db.query("users").collect(),
    workspaces: await ctx.db.query("workspaces").collect(),
    members: await ctx.db.query("workspaceMembers").collect(),
  }));

describe("signing up", () => {
  it("makes the person and their personal workspace, and signs them in", async () => {
    const t = deployment();
    const client = clientOf(t, await signUp(t));
    expect(await client.query(api.users.me, {})).toMatchObject({
      name: "Ann",
      email: "ann@example.com",
      anonymous: false,
    });
    expect(await client.query(api.workspaces.list, {})).toMatchObject([
      { name: "Ann's workspace", personal: true, role: "admin" },
    ]);
    await client.mutation(api.documents.create, { title: "Plan" });
  });

  it("trims the name, and takes an address as the same however it is typed", async () => {
    const t = deployment();
    await signUp(t, { name: "  Ann \n", email: " Ann@Example.COM " });
    const client = clientOf(t, await signIn(t, { email: "ANN@example.com" }));
    expect(await client.query(api.users.me, {})).toMatchObject({ name: "Ann", email: "ann@example.com" });
  });

  it.each<[string, Record<string, unknown>]>([
    ["no name", { name: undefined }],
    ["a blank name", { name: " \t " }],
    ["a name that is no text", { name: 7 }],
    ["too long a name", { name: "x".repeat(NAME_MAX_CHARS + 1) }],
    ["no address", { email: undefined }],
    ["an address without @", { email: "ann.example.com" }],
    ["an address with two @", { email: "ann@bob@example.com" }],
    ["an address without a dot in its host", { email: "ann@example" }],
    ["an address with a space in it", { email: "an n@example.com" }],
    ["an address of 255 characters", { email: `${"x".repeat(243)}@example.com` }],
    ["no password", { password: undefined }],
    ["a password that is no text", { password: 12345678 }],
    ["too short a password", { password: "x".repeat(PASSWORD_MIN_CHARS - 1) }],
    ["too long a password", { password: "x".repeat(PASSWORD_MAX_CHARS + 1) }],
  ])("refuses %s and stores nothing", async (_what, change) => {
    const t = deployment();
    expect(await outcome(signUp(t, change))).toBe("invalid");
    expect(await everything(t)).toEqual({ users: [], workspaces: [], members: [] });
  });

  it.each<[string, Record<string, unknown>]>([
    ["the longest name", { name: "x".repeat(NAME_MAX_CHARS) }],
    ["the longest address", { email: `${"x".repeat(242)}@example.com` }],
    ["the shortest password", { password: "x".repeat(PASSWORD_MIN_CHARS) }],
    ["the longest password", { password: "x".repeat(PASSWORD_MAX_CHARS) }],
  ])("takes %s", async (_what, change) => {
    expect(await outcome(signUp(deployment(), change))).toBe("ok");
  });

  it("refuses an address that somebody has already, and changes nothing of theirs", async () => {
    const t = deployment();
    await signUp(t);
    const before = await everything(t);
    await expect(signUp(t, { password: "another password", name: "Eve" })).rejects.toThrow("already exists");
    expect(await everything(t)).toEqual(before);
  });

  it("gives each person a workspace of their own", async () => {
    const t = deployment();
    await signUp(t);
    await signUp(t, { email: "bob@example.com", name: "Bob" });
    const { users, workspaces, members } = await everything(t);
    expect(workspaces.map(({ personalOf }) => personalOf)).toEqual(users.map(({ _id }) => _id));
    expect(members.map(({ workspaceId }) => workspaceId)).toEqual(workspaces.map(({ _id }) => _id));
  });
});

describe("signing in", () => {
  it("gives the same person and makes no second workspace", async () => {
    const t = deployment();
    const first = await clientOf(t, await signUp(t)).query(api.users.me, {});
    const second = await clientOf(t, await signIn(t)).query(api.users.me, {});
    expect(second).toEqual(first);
    expect((await everything(t)).workspaces).toHaveLength(1);
  });

  it("refuses a wrong password and an unknown address", async () => {
    const t = deployment();
    await signUp(t);
    await expect(signIn(t, { password: "wrong horse" })).rejects.toThrow("InvalidSecret");
    await expect(signIn(t, { email: "eve@example.com" })).rejects.toThrow("InvalidAccountId");
  });
});

describe("signing in anonymously", () => {
  it("makes a person with a name, without an address, and with a personal workspace", async () => {
    const t = deployment();
    const client = clientOf(t, await signInAnonymously(t, { name: " Guest " }));
    expect(await client.query(api.users.me, {})).toMatchObject({
      name: "Guest",
      email: null,
      anonymous: true,
    });
    expect(await client.query(api.workspaces.list, {})).toMatchObject([{ personal: true }]);
  });

  it.each([{}, { name: "" }, { name: "x".repeat(NAME_MAX_CHARS + 1) }])("refuses %j", async (params) => {
    const t = deployment();
    expect(await outcome(signInAnonymously(t, params))).toBe("invalid");
    expect((await everything(t)).users).toEqual([]);
  });

  it("cannot claim an address", async () => {
    const t = deployment();
    const client = clientOf(t, await signInAnonymously(t, { name: "Eve", email: "ann@example.com" }));
    expect(await client.query(api.users.me, {})).toMatchObject({ email: null });
  });
});
