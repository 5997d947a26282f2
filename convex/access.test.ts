// @vitest-environment edge-runtime
import { describe, expect, it, vi } from "vitest";
import { ROLES, WORKSPACE_ROLES, type Role } from "../protocol/roles";
import { RESOURCE_KINDS } from "../protocol/rooms";
import { api } from "./_generated/api";
import type { Doc, Id } from "./_generated/dataModel";
import { accessTo, type Access } from "./access";
import {
  deployment,
  giveRole,
  joinWorkspace,
  makeResource,
  person,
  sharedWorkspace,
  type Deployment,
  type Person,
} from "./people.fixture";
import { resourceKind, role as roleValidator, workspaceMemberRole } from "./validators";

/**
 * The whole rule for somebody in the workspace. Row: the role that they were given by name. Column: the role that
 * the resource gives to its workspace. Guests and people outside of the workspace have the first column only.
 */
const COLUMNS = [null, "viewer", "commenter", "editor", "owner"] as const;
const MATRIX: [named: Role | null, ...granted: (Role | null)[]][] = [
  [null, /*    */ null, "viewer", "commenter", "editor", "owner"],
  ["viewer", /* */ "viewer", "viewer", "commenter", "editor", "owner"],
  ["commenter", "commenter", "commenter", "commenter", "editor", "owner"],
  ["editor", /* */ "editor", "editor", "editor", "editor", "owner"],
  ["owner", /*  */ "owner", "owner", "owner", "owner", "owner"],
];

const CELLS = MATRIX.flatMap(([named, ...granted]) =>
  COLUMNS.flatMap((workspaceRole, column) =>
    (["outside", ...WORKSPACE_ROLES] as const).map((standing) => ({
      named,
      workspaceRole,
      standing,
      expected: granted[standing === "outside" || standing === "guest" ? 0 : column] ?? null,
    })),
  ),
);
type Cell = (typeof CELLS)[number];

/** A document with this sharing, and a diagram in it that has none of its own. */
async function arrange(
  t: Deployment,
  ann: Person,
  { named, workspaceRole, standing }: Omit<Cell, "expected">,
) {
  const workspaceId = await sharedWorkspace(t);
  if (standing !== "outside") await joinWorkspace(t, workspaceId, ann, standing);
  const documentId = await makeResource(t, workspaceId, { workspaceRole });
  const innerId = await makeResource(t, workspaceId, { kind: "diagram", parentId: documentId });
  if (named !== null) await giveRole(t, documentId, ann, named);
  return { workspaceId, documentId, innerId };
}

const roleOf = (access: Access) => (access.kind === "granted" ? access.role : access.kind);

const ask = (t: Deployment, { userId }: Person, kind: "doc" | "diagram", id: string) =>
  t.run(async (ctx) => roleOf(await accessTo(ctx, userId, kind, id)));

const everything = { numItems: 100, cursor: null };

/** What the lists of the sidebar show, of all that there is. */
async function listed(t: Deployment, { client, userId }: Person, workspaceId: Id<"workspaces">) {
  const inWorkspace = await t.run((ctx) =>
    ctx.db
      .query("workspaceMembers")
      .withIndex("by_user_and_workspace", (q) => q.eq("userId", userId).eq("workspaceId", workspaceId))
      .unique(),
  );
  const full = inWorkspace !== null && inWorkspace.role !== "guest";
  const args = { workspaceId, paginationOpts: everything };
  const open = full ? (await client.query(api.tree.workspace, args)).page : [];
  const mine = full ? (await client.query(api.tree.mine, args)).page : [];
  const shared = await client.query(api.tree.shared, {});
  return [...open, ...mine, ...shared].map(({ resourceId, role }) => [resourceId, role]);
}

describe("the access function", () => {
  it.each(CELLS)(
    "by name $named, workspace role $workspaceRole, $standing → $expected, for lists alike",
    async ({ expected, ...cell }) => {
      const t = deployment();
      const ann = await person(t, "Ann");
      const { workspaceId, documentId, innerId } = await arrange(t, ann, cell);
      expect(await ask(t, ann, "doc", documentId)).toBe(expected ?? "denied");
      expect(await ask(t, ann, "diagram", innerId)).toBe(expected ?? "denied");

      expect(await listed(t, ann, workspaceId)).toEqual(expected === null ? [] : [[documentId, expected]]);
      if (expected === null) return;
      const inside = await ann.client.query(api.tree.inside, { documentId, paginationOpts: everything });
      expect(inside.page.map(({ resourceId, role }) => [resourceId, role])).toEqual([[innerId, expected]]);
    },
  );

  it("covers every role on both sides", () => {
    expect(MATRIX.map(([named]) => named)).toEqual([null, ...ROLES]);
    expect(COLUMNS).toEqual([null, ...ROLES]);
  });

  it("gives deeper in the tree what was given above, and more where more was given", async () => {
    const t = deployment();
    const ann = await person(t, "Ann");
    const workspaceId = await sharedWorkspace(t);
    const top = await makeResource(t, workspaceId);
    const middle = await makeResource(t, workspaceId, { parentId: top });
    const bottom = await makeResource(t, workspaceId, { parentId: middle });
    await giveRole(t, top, ann, "commenter");
    await giveRole(t, middle, ann, "viewer");
    await giveRole(t, bottom, ann, "editor");
    const roles = await Promise.all([top, middle, bottom].map((id) => ask(t, ann, "doc", id)));
    expect(roles).toEqual(["commenter", "commenter", "editor"]);
  });

  it("gives nothing above what was given deeper in the tree, which is then listed as shared", async () => {
    const t = deployment();
    const ann = await person(t, "Ann");
    const workspaceId = await sharedWorkspace(t, ann);
    const top = await makeResource(t, workspaceId);
    const inside = await makeResource(t, workspaceId, { parentId: top });
    await giveRole(t, inside, ann, "editor");
    expect(await ask(t, ann, "doc", top)).toBe("denied");
    expect(await listed(t, ann, workspaceId)).toEqual([[inside, "editor"]]);
    expect(await ann.client.query(api.tree.path, { kind: "doc", resourceId: inside })).toHaveLength(1);
  });

  it("tells an id that nothing has from one that nothing can have, and a kind from the other", async () => {
    const t = deployment();
    const ann = await person(t, "Ann");
    const workspaceId = await sharedWorkspace(t, ann);
    const gone = await makeResource(t, workspaceId);
    const inGone = await makeResource(t, workspaceId, { parentId: gone });
    await giveRole(t, inGone, ann, "owner");
    await t.run((ctx) => ctx.db.delete(gone));
    const diagram = await makeResource(t, workspaceId, { kind: "diagram", workspaceRole: "editor" });
    expect(await ask(t, ann, "doc", gone)).toBe("missing");
    expect(await ask(t, ann, "doc", inGone)).toBe("missing");
    expect(await ask(t, ann, "doc", diagram)).toBe("missing");
    expect(await ask(t, ann, "diagram", diagram)).toBe("editor");
    expect(await ask(t, ann, "doc", ann.userId)).toBe("malformed");
    expect(await ask(t, ann, "doc", "")).toBe("malformed");
  });
});

describe("a link", () => {
  async function arrangeLink(link: Pick<Doc<"links">, "role" | "expiresAt">) {
    const t = deployment();
    const zoe = await person(t, "Zoe");
    const workspaceId = await sharedWorkspace(t);
    const documentId = await makeResource(t, workspaceId);
    const innerId = await makeResource(t, workspaceId, { parentId: documentId });
    await t.run(async (ctx) => {
      const linkId = await ctx.db.insert("links", { resourceId: documentId, token: "t", ...link });
      await ctx.db.insert("linkGuests", { linkId, resourceId: documentId, userId: zoe.userId });
    });
    return { t, zoe, documentId, innerId };
  }

  it.each(["viewer", "commenter", "editor"] as const)(
    "gives the role %s, also further down",
    async (role) => {
      const { t, zoe, documentId, innerId } = await arrangeLink({ role, expiresAt: null });
      expect(await ask(t, zoe, "doc", documentId)).toBe(role);
      expect(await ask(t, zoe, "doc", innerId)).toBe(role);
    },
  );

  it("adds to what somebody has by name, and never takes away", async () => {
    const { t, zoe, documentId, innerId } = await arrangeLink({ role: "commenter", expiresAt: null });
    await giveRole(t, documentId, zoe, "viewer");
    await giveRole(t, innerId, zoe, "editor");
    expect(await ask(t, zoe, "doc", documentId)).toBe("commenter");
    expect(await ask(t, zoe, "doc", innerId)).toBe("editor");
  });

  it("gives nothing from the moment on in which it ends", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 5000 });
    try {
      const { t, zoe, documentId } = await arrangeLink({ role: "editor", expiresAt: 6000 });
      vi.setSystemTime(5999);
      expect(await ask(t, zoe, "doc", documentId)).toBe("editor");
      vi.setSystemTime(6000);
      expect(await ask(t, zoe, "doc", documentId)).toBe("denied");
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("the validators", () => {
  it("name what the protocol names", () => {
    expect(roleValidator.members.map(({ value }) => value)).toEqual(ROLES);
    expect(resourceKind.members.map(({ value }) => value)).toEqual(RESOURCE_KINDS);
    expect(workspaceMemberRole.members.map(({ value }) => value)).toEqual(WORKSPACE_ROLES);
  });
});
