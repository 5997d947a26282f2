// @vitest-environment edge-runtime
/** Every door, knocked on by everybody: who is let in, and what the others are told. */
import { describe, expect, it, vi } from "vitest";
import { isAtLeast, ROLES, type Role } from "../protocol/roles";
import { api } from "./_generated/api";
import type { Id } from "./_generated/dataModel";
import {
  deployment,
  FIRST_PAGE,
  giveRole,
  joinWorkspace,
  makeResource,
  outcome,
  person,
  sharedWorkspace,
  type Client,
  type Deployment,
} from "./people.fixture";

vi.stubEnv("COLLABORATION_TOKEN_SECRET", "a secret of the tests, 32 bytes or longer");

interface Target {
  documentId: string;
  diagramId: string;
  /** A diagram in the document. */
  innerId: string;
  /** Somebody who is a member of everything. */
  bob: { userId: Id<"users">; email: string };
}

interface Door {
  name: string;
  minimum: Role;
  knock: (client: Client, target: Target) => Promise<unknown>;
}

const doc = (target: Target) => ({ kind: "doc" as const, resourceId: target.documentId });
const inner = (target: Target) => ({ kind: "diagram" as const, resourceId: target.innerId });

const DOORS: Door[] = [
  {
    name: "documents.get",
    minimum: "viewer",
    knock: (c, { documentId }) => c.query(api.documents.get, { documentId }),
  },
  {
    name: "documents.rename",
    minimum: "editor",
    knock: (c, { documentId }) => c.mutation(api.documents.rename, { documentId, title: "New" }),
  },
  {
    name: "documents.addMember",
    minimum: "owner",
    knock: (c, { documentId, bob }) =>
      c.mutation(api.documents.addMember, { documentId, email: bob.email, role: "viewer" }),
  },
  {
    name: "documents.removeMember",
    minimum: "owner",
    knock: (c, { documentId, bob }) =>
      c.mutation(api.documents.removeMember, { documentId, userId: bob.userId }),
  },
  {
    name: "diagrams.get",
    minimum: "viewer",
    knock: (c, { diagramId }) => c.query(api.diagrams.get, { diagramId }),
  },
  {
    name: "diagrams.rename",
    minimum: "editor",
    knock: (c, { diagramId }) => c.mutation(api.diagrams.rename, { diagramId, title: "New" }),
  },
  {
    name: "diagrams.addMember",
    minimum: "owner",
    knock: (c, { diagramId, bob }) =>
      c.mutation(api.diagrams.addMember, { diagramId, email: bob.email, role: "viewer" }),
  },
  {
    name: "diagrams.removeMember",
    minimum: "owner",
    knock: (c, { diagramId, bob }) =>
      c.mutation(api.diagrams.removeMember, { diagramId, userId: bob.userId }),
  },
  {
    name: "documents.create in the document",
    minimum: "editor",
    knock: (c, { documentId }) => c.mutation(api.documents.create, { title: "New", parentId: documentId }),
  },
  {
    name: "diagrams.create in the document",
    minimum: "editor",
    knock: (c, { documentId }) => c.mutation(api.diagrams.create, { title: "New", parentId: documentId }),
  },
  {
    name: "diagrams.get of a diagram in the document",
    minimum: "viewer",
    knock: (c, { innerId }) => c.query(api.diagrams.get, { diagramId: innerId }),
  },
  {
    name: "diagrams.rename of a diagram in the document",
    minimum: "editor",
    knock: (c, { innerId }) => c.mutation(api.diagrams.rename, { diagramId: innerId, title: "New" }),
  },
  {
    name: "resources.setIcon",
    minimum: "editor",
    knock: (c, target) => c.mutation(api.resources.setIcon, { ...doc(target), icon: "🌊" }),
  },
  {
    name: "sharing.get",
    minimum: "viewer",
    knock: (c, target) => c.query(api.sharing.get, doc(target)),
  },
  {
    name: "sharing.setWorkspaceRole",
    minimum: "owner",
    knock: (c, target) => c.mutation(api.sharing.setWorkspaceRole, { ...doc(target), role: "viewer" }),
  },
  {
    name: "links.set",
    minimum: "owner",
    knock: (c, target) => c.mutation(api.links.set, { ...doc(target), role: "viewer", days: null }),
  },
  { name: "links.revoke", minimum: "owner", knock: (c, target) => c.mutation(api.links.revoke, doc(target)) },
  {
    name: "tree.inside",
    minimum: "viewer",
    knock: (c, { documentId }) => c.query(api.tree.inside, { documentId, ...FIRST_PAGE }),
  },
  { name: "tree.path", minimum: "viewer", knock: (c, target) => c.query(api.tree.path, inner(target)) },
  {
    name: "moving.move among its neighbours",
    minimum: "editor",
    knock: (c, target) =>
      c.mutation(api.moving.move, {
        ...inner(target),
        to: { kind: "inside", documentId: target.documentId },
        beforeId: null,
      }),
  },
  { name: "trash.put", minimum: "editor", knock: (c, target) => c.mutation(api.trash.put, doc(target)) },
  {
    name: "trash.restore",
    minimum: "editor",
    knock: (c, target) => c.mutation(api.trash.restore, doc(target)),
  },
  { name: "trash.look", minimum: "viewer", knock: (c, target) => c.query(api.trash.look, doc(target)) },
  {
    name: "shortcuts.setFavourite",
    minimum: "viewer",
    knock: (c, target) => c.mutation(api.shortcuts.setFavourite, { ...doc(target), favourite: true }),
  },
  {
    name: "shortcuts.visit",
    minimum: "viewer",
    knock: (c, target) => c.mutation(api.shortcuts.visit, doc(target)),
  },
  ...(["doc", "diagram"] as const).map((resourceType): Door => ({
    name: `collaboration.getCollaborationToken for a ${resourceType}`,
    minimum: "viewer",
    knock: (c, { documentId, diagramId }) =>
      c.action(api.collaboration.getCollaborationToken, {
        resourceType,
        resourceId: resourceType === "doc" ? documentId : diagramId,
      }),
  })),
];

/** A document and diagrams of Olga's, with Bob as an editor; the workspace gets nothing. */
async function arrange(t: Deployment) {
  const olga = await person(t, "Olga");
  const bob = await person(t, "Bob");
  const workspaceId = await sharedWorkspace(t, olga, bob);
  const documentId = await makeResource(t, workspaceId);
  const diagramId = await makeResource(t, workspaceId, { kind: "diagram" });
  const innerId = await makeResource(t, workspaceId, { kind: "diagram", parentId: documentId });
  for (const id of [documentId, diagramId]) {
    await giveRole(t, id, olga, "owner");
    await giveRole(t, id, bob, "editor");
  }
  return { workspaceId, target: { documentId, diagramId, innerId, bob } };
}

describe.each(DOORS)("$name", ({ minimum, knock }) => {
  it.each(ROLES)(`for a %s (needs ${minimum})`, async (role) => {
    const t = deployment();
    const { target } = await arrange(t);
    const ann = await person(t, "Ann");
    for (const id of [target.documentId, target.diagramId]) await giveRole(t, id, ann, role);
    expect(await outcome(knock(ann.client, target))).toBe(isAtLeast(role, minimum) ? "ok" : "forbidden");
  });

  it("refuses an outsider, an admin of the workspace, and somebody who was a member", async () => {
    const t = deployment();
    const { target, workspaceId } = await arrange(t);
    const outsider = await person(t, "Eve");
    const admin = await person(t, "Adam");
    await joinWorkspace(t, workspaceId, admin, "admin");
    const former = await person(t, "Finn");
    await giveRole(t, target.documentId, former, "owner");
    await t.run(async (ctx) => {
      const row = await ctx.db
        .query("members")
        .withIndex("by_user_and_resource", (q) => q.eq("userId", former.userId))
        .unique();
      if (row !== null) await ctx.db.delete(row._id);
    });
    for (const { client } of [outsider, admin, former]) {
      expect(await outcome(knock(client, target))).toBe("forbidden");
    }
  });

  it("refuses who is not signed in, and whose account is gone", async () => {
    const t = deployment();
    const { target } = await arrange(t);
    expect(await outcome(knock(t, target))).toBe("unauthenticated");
    const ghost = await person(t, "Gus");
    await giveRole(t, target.documentId, ghost, "owner");
    await t.run((ctx) => ctx.db.delete(ghost.userId));
    expect(await outcome(knock(ghost.client, target))).toBe("unauthenticated");
  });

  it("answers for an id that nothing has as for one that is nobody's business", async () => {
    const t = deployment();
    const { target } = await arrange(t);
    const eve = await person(t, "Eve");
    await t.run(async (ctx) => {
      for (const { _id } of await ctx.db.query("resources").collect()) await ctx.db.delete(_id);
    });
    expect(await outcome(knock(eve.client, target))).toBe("forbidden");
  });

  it.each(["", "x", "../../etc", "🦊", "a".repeat(5000)])("survives the id %j", async (id) => {
    const t = deployment();
    const { target } = await arrange(t);
    const eve = await person(t, "Eve");
    const junk = { ...target, documentId: id, diagramId: id, innerId: id };
    expect(await outcome(knock(eve.client, junk))).toBe("not_found");
  });
});

describe.each<[string, (client: Client, workspaceId: string) => Promise<unknown>]>([
  ["documents.create", (c, workspaceId) => c.mutation(api.documents.create, { title: "New", workspaceId })],
  ["tree.workspace", (c, workspaceId) => c.query(api.tree.workspace, { workspaceId, ...FIRST_PAGE })],
  ["tree.mine", (c, workspaceId) => c.query(api.tree.mine, { workspaceId, ...FIRST_PAGE })],
  [
    "trash.list of all",
    (c, workspaceId) => c.query(api.trash.list, { workspaceId, whose: "workspace", ...FIRST_PAGE }),
  ],
  [
    "trash.list of one's own",
    (c, workspaceId) => c.query(api.trash.list, { workspaceId, whose: "own", ...FIRST_PAGE }),
  ],
  ["workspaces.members", (c, workspaceId) => c.query(api.workspaces.members, { workspaceId, ...FIRST_PAGE })],
  [
    "workspaces.findMembers",
    (c, workspaceId) => c.query(api.workspaces.findMembers, { workspaceId, text: "a" }),
  ],
  ["diagrams.create", (c, workspaceId) => c.mutation(api.diagrams.create, { title: "New", workspaceId })],
])("%s in a workspace", (_name, knock) => {
  it("is for those who are in it", async () => {
    const t = deployment();
    const ann = await person(t, "Ann");
    const eve = await person(t, "Eve");
    const workspaceId = await sharedWorkspace(t, ann);
    expect(await outcome(knock(ann.client, workspaceId))).toBe("ok");
    expect(await outcome(knock(eve.client, workspaceId))).toBe("forbidden");
    expect(await outcome(knock(t, workspaceId))).toBe("unauthenticated");
    expect(await outcome(knock(ann.client, "x"))).toBe("not_found");
    await t.run((ctx) => ctx.db.delete(workspaceId));
    expect(await outcome(knock(eve.client, workspaceId))).toBe("forbidden");
  });
});

describe.each<[string, (client: Client) => Promise<unknown>]>([
  ["documents.create", (c) => c.mutation(api.documents.create, { title: "New" })],
  ["tree.shared", (c) => c.query(api.tree.shared, {})],
  ["shortcuts.favourites", (c) => c.query(api.shortcuts.favourites, {})],
  ["shortcuts.recents", (c) => c.query(api.shortcuts.recents, {})],
  ["shortcuts.find", (c) => c.query(api.shortcuts.find, { text: "x" })],
  ["workspaces.create", (c) => c.mutation(api.workspaces.create, { name: "New" })],
  ["invitations.mine", (c) => c.query(api.invitations.mine, {})],
  ["diagrams.create", (c) => c.mutation(api.diagrams.create, { title: "New" })],
  ["workspaces.list", (c) => c.query(api.workspaces.list, {})],
])("%s", (_name, knock) => {
  it("needs somebody who is signed in", async () => {
    const t = deployment();
    const ann = await person(t, "Ann");
    expect(await outcome(knock(t))).toBe("unauthenticated");
    expect(await outcome(knock(ann.client))).toBe("ok");
  });
});
