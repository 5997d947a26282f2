// @vitest-environment edge-runtime
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { THROWAWAY_EMAIL_DOMAIN } from "../protocol/throwaway";
import { api } from "./_generated/api";
import { deployment, outcome, person, type Deployment, type Person } from "./people.fixture";

// What is scheduled waits for timers, and stays where it is.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Gives a person an address of the smoke test, an account and a session, as signing up would. */
async function makeThrowaway(t: Deployment, { userId }: Person): Promise<void> {
  await t.run(async (ctx) => {
    const email = `smoke-1@${THROWAWAY_EMAIL_DOMAIN}`;
    await ctx.db.patch(userId, { email });
    await ctx.db.insert("authAccounts", { userId, provider: "password", providerAccountId: email });
    const sessionId = await ctx.db.insert("authSessions", { userId, expirationTime: Date.now() + 60_000 });
    await ctx.db.insert("authRefreshTokens", { sessionId, expirationTime: Date.now() + 60_000 });
  });
}

const everything = (t: Deployment) =>
  t.run(async (ctx) => {
    const tables = [
      "users",
      "workspaces",
      "workspaceMembers",
      "snapshots",
      "authAccounts",
      "authSessions",
      "authRefreshTokens",
    ] as const;
    const rows = await Promise.all(tables.map(async (table) => ctx.db.query(table).collect()));
    return { rows: rows.flat(), files: await ctx.db.system.query("_storage").collect() };
  });

it("a throw-away account goes with everything of its own, and with nothing of anybody else's", async () => {
  const t = deployment();
  const bob = await person(t, "Bob");
  const bobsDocument = await bob.client.mutation(api.documents.create, { title: "Bob's" });
  const bobsDiagram = await bob.client.mutation(api.diagrams.create, { title: "Bob's" });
  const before = await everything(t);

  const ann = await person(t, "Ann");
  await makeThrowaway(t, ann);
  const documentId = await ann.client.mutation(api.documents.create, { title: "Smoke test" });
  await ann.client.mutation(api.documents.addMember, { documentId, email: bob.email, role: "editor" });
  await bob.client.mutation(api.documents.addMember, {
    documentId: bobsDocument,
    email: `smoke-1@${THROWAWAY_EMAIL_DOMAIN}`,
    role: "viewer",
  });
  await bob.client.mutation(api.diagrams.addMember, {
    diagramId: bobsDiagram,
    email: `smoke-1@${THROWAWAY_EMAIL_DOMAIN}`,
    role: "viewer",
  });
  const diagramId = await ann.client.mutation(api.diagrams.create, { title: "Smoke test" });
  await ann.client.mutation(api.diagrams.addMember, { diagramId, email: bob.email, role: "editor" });
  await ann.client.mutation(api.diagrams.create, { title: "In the document", parentId: documentId });
  await t.run(async (ctx) => {
    for (const roomId of [`doc-${documentId}`, `diagram-${diagramId}`]) {
      const fileId = await ctx.storage.store(new Blob(["snapshot"]));
      await ctx.db.insert("snapshots", { roomId, number: 1, fileId });
    }
  });

  await ann.client.mutation(api.throwaway.removeMe, {});
  expect(await everything(t)).toEqual(before);
  await ann.client.mutation(api.throwaway.removeMe, {});
});

it("no other account can be removed", async () => {
  const t = deployment();
  const ann = await person(t, "Ann");
  await t.run((ctx) => ctx.db.patch(ann.userId, { email: `ann@not-${THROWAWAY_EMAIL_DOMAIN}` }));
  const before = await everything(t);
  expect(await outcome(ann.client.mutation(api.throwaway.removeMe, {}))).toBe("forbidden");
  expect(await everything(t)).toEqual(before);
});
