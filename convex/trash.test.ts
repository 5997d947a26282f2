// @vitest-environment edge-runtime
import type { FunctionArgs } from "convex/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ACCESS_PATH } from "../protocol/access";
import { BACKUP_PATH } from "../protocol/backup";
import { TRASH_DAYS } from "../protocol/limits";
import { roomIdFor } from "../protocol/rooms";
import { api, internal } from "./_generated/api";
import type { Id } from "./_generated/dataModel";
import {
  deployment,
  everythingBut,
  FIRST_PAGE,
  giveRole,
  joinWorkspace,
  makeResource,
  outcome,
  person,
  sharedWorkspace,
  type Deployment,
  type Person,
} from "./people.fixture";

const DAY_MS = 24 * 60 * 60 * 1000;
const SECRET = "the service secret of the tests";

beforeEach(() => {
  // Scheduled functions wait for timers: here they run when a test runs them.
  vi.useFakeTimers({ toFake: ["Date", "setTimeout"] });
  vi.stubEnv("ROOM_SERVICE_SECRET", SECRET);
  vi.stubEnv("COLLABORATION_TOKEN_SECRET", "a secret of the tests, 32 bytes or longer");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

async function arrange() {
  const t = deployment();
  const ann = await person(t, "Ann");
  const bob = await person(t, "Bob");
  const workspaceId = await sharedWorkspace(t, ann, bob);
  const resourceId = await ann.client.mutation(api.documents.create, { title: "Plan", workspaceId });
  const innerId = await ann.client.mutation(api.diagrams.create, { title: "In it", parentId: resourceId });
  const top = { kind: "doc" as const, resourceId };
  const inside = { kind: "diagram" as const, resourceId: innerId };
  return { t, ann, bob, workspaceId, top, inside };
}

const listed = async ({ client }: Person, workspaceId: Id<"workspaces">) =>
  (await client.query(api.tree.workspace, { workspaceId, ...FIRST_PAGE })).page.map(({ title }) => title);

const inTrash = async ({ client }: Person, workspaceId: Id<"workspaces">) => {
  const pages = await Promise.all(
    (["workspace", "own"] as const).map((whose) =>
      client.query(api.trash.list, { workspaceId, whose, ...FIRST_PAGE }),
    ),
  );
  return pages.flatMap(({ page }) => page.map(({ title }) => title));
};

describe("what is put into the trash", () => {
  it("is in no list and behind no door, with what lies in it, and comes back as it was", async () => {
    const { t, ann, bob, workspaceId, top, inside } = await arrange();
    await ann.client.mutation(api.documents.create, { title: "Another", workspaceId });
    await bob.client.mutation(api.shortcuts.setFavourite, { ...inside, favourite: true });
    const { token } = await bob.client.action(api.collaboration.getCollaborationToken, {
      resourceType: "doc",
      resourceId: top.resourceId,
    });
    await bob.client.mutation(api.trash.put, top);

    expect(await listed(ann, workspaceId)).toEqual(["Another"]);
    expect(await ann.client.query(api.shortcuts.find, { text: "Plan" })).toEqual([]);
    expect(await bob.client.query(api.shortcuts.favourites, {})).toEqual([]);
    for (const { client } of [ann, bob]) {
      expect(await outcome(client.query(api.documents.get, { documentId: top.resourceId }))).toBe("trashed");
      expect(await outcome(client.query(api.diagrams.get, { diagramId: inside.resourceId }))).toBe("trashed");
      for (const { kind, resourceId } of [top, inside]) {
        const ask = { resourceType: kind, resourceId };
        expect(await outcome(client.action(api.collaboration.getCollaborationToken, ask))).toBe("trashed");
      }
    }
    const knock = await t.fetch(ACCESS_PATH, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ roomId: roomIdFor("doc", top.resourceId) }),
    });
    expect(knock.status).toBe(403);
    expect(await inTrash(bob, workspaceId)).toEqual(["Plan"]);
    expect(await bob.client.query(api.trash.look, inside)).toMatchObject({
      ...top,
      mayRestore: true,
      mayDelete: false,
      goesAt: Date.now() + TRASH_DAYS * DAY_MS,
    });

    await ann.client.mutation(api.trash.restore, top);
    expect(await listed(bob, workspaceId)).toEqual(["Another", "Plan"]);
    expect(await bob.client.query(api.shortcuts.favourites, {})).toMatchObject([inside]);
    expect(await inTrash(bob, workspaceId)).toEqual([]);
  });

  it("is nobody's business who could not open it", async () => {
    const { t, ann, top, workspaceId } = await arrange();
    const eve = await person(t, "Eve");
    await ann.client.mutation(api.sharing.setWorkspaceRole, { ...top, role: null });
    await ann.client.mutation(api.trash.put, top);
    const bob = await person(t, "Bert");
    await joinWorkspace(t, workspaceId, bob, "admin");
    expect(await inTrash(bob, workspaceId)).toEqual([]);
    for (const { client } of [eve, bob]) {
      expect(await outcome(client.query(api.documents.get, { documentId: top.resourceId }))).toBe(
        "forbidden",
      );
      expect(await outcome(client.query(api.trash.look, top))).toBe("forbidden");
      expect(await outcome(client.mutation(api.trash.restore, top))).toBe("forbidden");
      expect(await outcome(client.mutation(api.trash.deleteForever, top))).toBe("forbidden");
    }
  });

  it("comes back with the document that it lies in, and not before", async () => {
    const { ann, top, inside, workspaceId } = await arrange();
    await ann.client.mutation(api.trash.put, inside);
    await ann.client.mutation(api.trash.put, top);
    expect(await inTrash(ann, workspaceId)).toEqual(["Plan"]);
    expect(await outcome(ann.client.mutation(api.trash.restore, inside))).toBe("trashed");
    await ann.client.mutation(api.trash.restore, top);
    expect(await inTrash(ann, workspaceId)).toEqual(["In it"]);
    await ann.client.mutation(api.trash.restore, inside);
    const { resourceId: diagramId } = inside;
    expect(await ann.client.query(api.diagrams.get, { diagramId })).toMatchObject({ title: "In it" });
  });

  it("has a place of its own when it comes back, also if something was put there meanwhile", async () => {
    const { t, ann, top, workspaceId } = await arrange();
    await ann.client.mutation(api.trash.put, top);
    await ann.client.mutation(api.documents.create, { title: "In its place", workspaceId });
    await ann.client.mutation(api.trash.restore, top);
    const ranks = await t.run(async (ctx) =>
      (await ctx.db.query("resources").collect()).map(({ rank }) => rank),
    );
    expect(new Set(ranks.slice(0, 1).concat(ranks.slice(2))).size).toBe(2);
    await ann.client.mutation(api.moving.move, {
      ...top,
      to: { kind: "top", shelf: "workspace" },
      beforeId: null,
    });
    expect(await listed(ann, workspaceId)).toEqual(["In its place", "Plan"]);
  });
});

describe("the trash of somebody whose roles change", () => {
  it("has what they have inherited from whoever left", async () => {
    const { t, ann, bob, workspaceId } = await arrange();
    const boss = await person(t, "Boss");
    await joinWorkspace(t, workspaceId, boss, "admin");
    const documentId = await bob.client.mutation(api.documents.create, { title: "Bob's", workspaceId });
    const resource = { kind: "doc" as const, resourceId: documentId };
    await bob.client.mutation(api.sharing.setWorkspaceRole, { ...resource, role: null });
    await bob.client.mutation(api.trash.put, resource);
    await boss.client.mutation(api.workspaces.removeMember, { workspaceId, userId: bob.userId });
    expect([await inTrash(boss, workspaceId), await inTrash(ann, workspaceId)]).toEqual([["Bob's"], []]);
    await boss.client.mutation(api.trash.restore, resource);
    expect(await boss.client.query(api.documents.get, { documentId })).toMatchObject({ role: "owner" });
  });

  it("has what lies in a document that they were given a role on, as long as they have it", async () => {
    const { ann, bob, top, inside, workspaceId } = await arrange();
    const { resourceId: documentId } = top;
    const call = ann.client.mutation.bind(ann.client);
    const filed = async ({ client }: Person, whose: "workspace" | "own") =>
      (await client.query(api.trash.list, { workspaceId, whose, ...FIRST_PAGE })).page.length;
    await call(api.sharing.setWorkspaceRole, { ...top, role: null });
    await call(api.trash.put, inside);
    expect([await inTrash(ann, workspaceId), await inTrash(bob, workspaceId)]).toEqual([["In it"], []]);

    for (const role of ["viewer", "editor"] as const) {
      await call(api.documents.addMember, { documentId, email: bob.email, role });
      expect(await inTrash(bob, workspaceId)).toEqual(role === "editor" ? ["In it"] : []);
    }
    await call(api.documents.removeMember, { documentId, userId: bob.userId });
    expect(await inTrash(bob, workspaceId)).toEqual([]);

    await call(api.sharing.setWorkspaceRole, { ...top, role: "editor" });
    expect([await filed(bob, "workspace"), await filed(ann, "own")]).toEqual([1, 0]);
    await call(api.sharing.setWorkspaceRole, { ...top, role: null });
    expect([await filed(bob, "workspace"), await filed(ann, "own")]).toEqual([0, 1]);

    for (const shelf of ["workspace", "private"] as const) {
      await call(api.moving.move, { ...top, to: { kind: "top", shelf }, beforeId: null });
      expect(await inTrash(bob, workspaceId)).toEqual(shelf === "workspace" ? ["In it"] : []);
    }
  });

  it("has what is their own when they become a guest, and once when they are a member again", async () => {
    const { t, ann, bob, workspaceId } = await arrange();
    const boss = await person(t, "Boss");
    await joinWorkspace(t, workspaceId, boss, "admin");
    const resourceId = await bob.client.mutation(api.documents.create, { title: "Bob's", workspaceId });
    await bob.client.mutation(api.trash.put, { kind: "doc", resourceId });
    const own = async () =>
      (await bob.client.query(api.trash.list, { workspaceId, whose: "own", ...FIRST_PAGE })).page.length;
    const setRole = (role: "guest" | "member") =>
      boss.client.mutation(api.workspaces.setRole, { workspaceId, userId: bob.userId, role });
    await setRole("guest");
    expect(await own()).toBe(1);
    await setRole("member");
    expect([await inTrash(bob, workspaceId), await inTrash(ann, workspaceId)]).toEqual([
      ["Bob's"],
      ["Bob's"],
    ]);
  });

  it("is filed anew also where it does not fit into one transaction", async () => {
    const { t, ann, bob, top, workspaceId } = await arrange();
    for (let i = 0; i < 120; i++) {
      await makeResource(t, workspaceId, { parentId: top.resourceId, trashedAt: 1_000 + (i % 7) });
    }
    await ann.client.mutation(api.sharing.setWorkspaceRole, { ...top, role: "editor" });
    await refileRest(t);
    const page = { paginationOpts: { numItems: 200, cursor: null } };
    const list = await bob.client.query(api.trash.list, { workspaceId, whose: "workspace", ...page });
    expect(list.page).toHaveLength(120);
  });
});

/** Runs what is scheduled of filing anew, one after the other. */
async function refileRest(t: Deployment): Promise<void> {
  for (let done = 0; ; done++) {
    const scheduled = await t.run((ctx) => ctx.db.system.query("_scheduled_functions").collect());
    const next = scheduled.filter(({ name }) => name.includes("refileRest"))[done];
    if (next === undefined) return;
    const [rest] = next.args as [FunctionArgs<typeof internal.trash_lists.refileRest>];
    await t.mutation(internal.trash_lists.refileRest, rest);
  }
}

/** Everything about documents that is left, when all has run that was scheduled. */
const remains = (t: Deployment) => everythingBut(t, "users", "workspaces", "workspaceMembers", "burials");

/** Runs what `removeResource` schedules, for everything that there was. */
async function removeRest(t: Deployment, ids: Id<"resources">[]): Promise<void> {
  for (const resourceId of ids) {
    for (let round = 0; round < 3; round++) await t.mutation(internal.removal.removeRest, { resourceId });
  }
}

describe("what is deleted for good", () => {
  async function withEverything() {
    const arranged = await arrange();
    const { t, ann, bob, top, inside } = arranged;
    const deeperId = await ann.client.mutation(api.documents.create, {
      title: "Deeper",
      parentId: top.resourceId,
    });
    const ids = [top.resourceId, deeperId, inside.resourceId];
    await giveRole(t, deeperId, bob, "editor");
    await ann.client.mutation(api.links.set, { ...top, role: "viewer", days: null });
    for (const resource of [top, inside]) {
      await bob.client.mutation(api.shortcuts.setFavourite, { ...resource, favourite: true });
      await bob.client.mutation(api.shortcuts.visit, resource);
    }
    const backUp = (kind: "doc" | "diagram", id: string, number: number) =>
      t.fetch(`${BACKUP_PATH}?room=${roomIdFor(kind, id)}&number=${number}`, {
        method: "POST",
        headers: { authorization: `Bearer ${SECRET}` },
        body: "content",
      });
    await backUp("doc", top.resourceId, 1);
    await backUp("diagram", inside.resourceId, 1);
    return { ...arranged, ids, deeperId, backUp };
  }

  it("takes everything along, and no late backup brings anything back", async () => {
    const { t, ann, bob, top, inside, ids, deeperId, backUp } = await withEverything();
    expect(await outcome(ann.client.mutation(api.trash.deleteForever, top))).toBe("invalid");
    await ann.client.mutation(api.trash.put, top);
    expect((await backUp("doc", top.resourceId, 2)).status).toBe(200);
    expect(await outcome(bob.client.mutation(api.trash.deleteForever, top))).toBe("forbidden");
    await ann.client.mutation(api.trash.deleteForever, top);

    // At once, before anything that was scheduled has run:
    expect(await outcome(ann.client.mutation(api.trash.restore, top))).toBe("forbidden");
    expect(await outcome(bob.client.query(api.diagrams.get, { diagramId: inside.resourceId }))).toBe(
      "forbidden",
    );
    expect((await backUp("doc", top.resourceId, 3)).status).toBe(404);
    expect((await backUp("diagram", inside.resourceId, 3)).status).toBe(404);

    await removeRest(t, ids);
    expect(await remains(t)).toEqual({ rows: [], files: 0 });
    expect((await backUp("doc", deeperId, 3)).status).toBe(404);
    const burials = await t.run((ctx) => ctx.db.query("burials").collect());
    expect(burials.map(({ roomId }) => roomId).sort()).toEqual(
      [
        roomIdFor("doc", top.resourceId),
        roomIdFor("doc", deeperId),
        roomIdFor("diagram", inside.resourceId),
      ].sort(),
    );
  });

  it("is what has lain in the trash for its days, and nothing younger", async () => {
    const { t, ann, top, inside, ids } = await withEverything();
    await ann.client.mutation(api.trash.put, inside);
    await ann.client.mutation(api.trash.put, top);
    vi.setSystemTime(Date.now() + TRASH_DAYS * DAY_MS - 1);
    await t.mutation(internal.trash.removeOld, {});
    expect((await remains(t)).rows.length).toBeGreaterThan(3);
    vi.setSystemTime(Date.now() + 1);
    await t.mutation(internal.trash.removeOld, {});
    await removeRest(t, ids);
    expect((await remains(t)).rows).toEqual([]);
  });
});
