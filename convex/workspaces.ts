/** Workspaces and the people in them. How somebody gets in is in `invitations.ts`. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v, type Infer } from "convex/values";
import { NAME_MAX_CHARS, WORKSPACES_PER_PERSON_MAX } from "../protocol/limits";
import type { Role } from "../protocol/roles";
import { roomIdFor } from "../protocol/rooms";
import { internal } from "./_generated/api";
import type { Doc, Id } from "./_generated/dataModel";
import { internalMutation, mutation, query, type MutationCtx, type QueryCtx } from "./_generated/server";
import { membershipOf, requireUser, requireWorkspace } from "./access";
import { refusal } from "./errors";
import { EXAMPLES } from "./examples";
import { mapPage, pageOf } from "./pages";
import { describePerson } from "./people";
import { addMemberRow, membersOf } from "./placement";
import { removeWorkspace } from "./removal";
import { createAtTop } from "./resources";
import { parseTitle } from "./text";
import { refileTrash } from "./trash_lists";
import { person, workspaceMemberRole } from "./validators";

/** People that a search by name shows. */
const MEMBERS_FOUND_MAX = 10;

/** Roles by name that one transaction changes or takes away. */
const PORTION = 500;

/** The caller's workspaces: the personal one first, then the others by name. */
export const list = query({
  args: {},
  returns: v.array(
    v.object({
      workspaceId: v.id("workspaces"),
      name: v.string(),
      personal: v.boolean(),
      role: workspaceMemberRole,
    }),
  ),
  handler: async (ctx) => {
    const user = await requireUser(ctx);
    const entries = await Promise.all(
      (await membershipsOf(ctx, user._id)).map(async ({ workspaceId, role }) => {
        const workspace = await ctx.db.get(workspaceId);
        if (workspace === null) return [];
        return [{ workspaceId, name: workspace.name, personal: workspace.personalOf === user._id, role }];
      }),
    );
    return entries
      .flat()
      .sort((a, b) => Number(b.personal) - Number(a.personal) || a.name.localeCompare(b.name));
  },
});

/** Makes a shared workspace, whose admin the caller is, with a document and a diagram that explain. Not for guests without an account: nobody could find it again. */
export const create = mutation({
  args: { name: v.string() },
  returns: v.id("workspaces"),
  handler: async (ctx, { name }) => {
    const user = await requireUser(ctx);
    if (user.isAnonymous === true) throw refusal("forbidden", "A workspace needs somebody with an account.");
    await requireRoomForWorkspace(ctx, user._id);
    const workspaceId = await ctx.db.insert("workspaces", { name: parseTitle(name), personalOf: null });
    await addToWorkspace(ctx, workspaceId, user, "admin");
    const workspace = await ctx.db.get(workspaceId);
    if (workspace === null) throw new Error("just inserted");
    await makeExamples(ctx, workspace, user);
    return workspaceId;
  },
});

async function makeExamples(
  ctx: MutationCtx,
  workspace: Doc<"workspaces">,
  user: Doc<"users">,
): Promise<void> {
  // The last one made comes first in the list.
  for (const kind of ["diagram", "doc"] as const) {
    const { title, icon } = EXAMPLES[kind];
    const resourceId = await createAtTop(ctx, { kind, title }, workspace, user);
    await ctx.db.patch(resourceId, { icon });
    await ctx.db.insert("snapshots", { roomId: roomIdFor(kind, resourceId), number: 1, fileId: null });
  }
}

export const rename = mutation({
  args: { workspaceId: v.string(), name: v.string() },
  returns: v.null(),
  handler: async (ctx, { workspaceId, name }) => {
    const { workspace } = await requireWorkspace(ctx, workspaceId, "admin");
    await ctx.db.patch(workspace._id, { name: parseTitle(name) });
    return null;
  },
});

/**
 * Deletes a workspace with everything in it, at once for everybody. Needs the role admin, and the workspace's name, so
 * that no slip of the hand does it. A personal one goes with its person only.
 */
export const remove = mutation({
  args: { workspaceId: v.string(), name: v.string() },
  returns: v.null(),
  handler: async (ctx, { workspaceId, name }) => {
    const { workspace } = await requireWorkspace(ctx, workspaceId, "admin");
    if (workspace.personalOf !== null) throw refusal("invalid", "A personal workspace stays.");
    if (name.trim() !== workspace.name) throw refusal("invalid", "This is not the name of the workspace.");
    await removeWorkspace(ctx, workspace._id);
    return null;
  },
});

const member = v.object({ person, role: workspaceMemberRole });

/** Everybody in a workspace, admins first, then by name. Not for guests; email addresses only for admins. */
export const members = query({
  args: { workspaceId: v.string(), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(member),
  handler: async (ctx, { workspaceId, paginationOpts }) => {
    const { membership } = await requireWorkspace(ctx, workspaceId, "member");
    const page = await ctx.db
      .query("workspaceMembers")
      .withIndex("by_workspace_and_role", (q) => q.eq("workspaceId", membership.workspaceId))
      .paginate(pageOf(paginationOpts));
    return mapPage(page, (row) => describeMember(ctx, row, membership));
  },
});

/** Those in a workspace who have these words in their name. Otherwise as `members`. */
export const findMembers = query({
  args: { workspaceId: v.string(), text: v.string() },
  returns: v.array(member),
  handler: async (ctx, { workspaceId, text }) => {
    const { membership } = await requireWorkspace(ctx, workspaceId, "member");
    const words = text.trim().slice(0, NAME_MAX_CHARS);
    if (words === "") return [];
    const rows = await ctx.db
      .query("workspaceMembers")
      .withSearchIndex("by_name", (q) => q.search("name", words).eq("workspaceId", membership.workspaceId))
      .take(MEMBERS_FOUND_MAX);
    const described = await Promise.all(rows.map((row) => describeMember(ctx, row, membership)));
    return described.filter((found) => found !== null);
  },
});

async function describeMember(
  ctx: QueryCtx,
  { userId, role }: Doc<"workspaceMembers">,
  asker: Doc<"workspaceMembers">,
): Promise<Infer<typeof member> | null> {
  const found = await describePerson(ctx, userId, asker.role === "admin" || userId === asker.userId);
  return found === null ? null : { person: found, role };
}

export const setRole = mutation({
  args: { workspaceId: v.string(), userId: v.string(), role: workspaceMemberRole },
  returns: v.null(),
  handler: async (ctx, { workspaceId, userId, role }) => {
    const { workspace } = await requireWorkspace(ctx, workspaceId, "admin");
    const member = await requireMember(ctx, workspace, userId);
    if (role !== "admin") await requireAnotherAdmin(ctx, member);
    await ctx.db.patch(member._id, { role });
    if (role === "guest") await keepListed(ctx, { workspaceId: workspace._id, userId: member.userId });
    await refileTrash(ctx, workspace._id);
    return null;
  },
});

/** The lists of a workspace are not for guests: what somebody has there by name is shared with them then. */
async function keepListed(ctx: MutationCtx, { workspaceId, userId }: Omit<Taking, "heirId">): Promise<void> {
  const own = await ctx.db
    .query("members")
    .withIndex("by_user_and_given", (q) =>
      q.eq("userId", userId).eq("given", false).eq("workspaceId", workspaceId),
    )
    .take(PORTION);
  for (const { _id } of own) await ctx.db.patch(_id, { given: true });
  if (own.length === PORTION) {
    await ctx.scheduler.runAfter(0, internal.workspaces.keepRestListed, { workspaceId, userId });
  }
}

/** The rest of it, for somebody who has very many. */
export const keepRestListed = internalMutation({
  args: { workspaceId: v.id("workspaces"), userId: v.id("users") },
  returns: v.null(),
  handler: async (ctx, args) => {
    await keepListed(ctx, args);
    return null;
  },
});

/**
 * Takes somebody out of a workspace, with every role that they have by name in it. What only they owned goes to the
 * admin who removes them, or to the first admin if they leave by themselves. Admins remove others; everybody may leave.
 */
export const removeMember = mutation({
  args: { workspaceId: v.string(), userId: v.string() },
  returns: v.null(),
  handler: async (ctx, { workspaceId, userId }) => {
    const { user, workspace, membership } = await requireWorkspace(ctx, workspaceId, "guest");
    const leaves = user._id === userId;
    if (!leaves && membership.role !== "admin") throw refusal("forbidden", "This needs the role admin.");
    const member = await requireMember(ctx, workspace, userId);
    await requireAnotherAdmin(ctx, member);
    await ctx.db.delete(member._id);
    const heirId = leaves ? await firstAdmin(ctx, workspace._id) : user._id;
    await takeRoles(ctx, { workspaceId: workspace._id, userId: member.userId, heirId });
    return null;
  },
});

/** The rest of what `removeMember` has begun, for somebody who had very many roles. */
export const takeRolesOn = internalMutation({
  args: { workspaceId: v.id("workspaces"), userId: v.id("users"), heirId: v.id("users") },
  returns: v.null(),
  handler: async (ctx, args) => {
    // They may have been let in again meanwhile; what they have then is theirs.
    if ((await membershipOf(ctx, args.userId, args.workspaceId)) === null) await takeRoles(ctx, args);
    return null;
  },
});

interface Taking {
  workspaceId: Id<"workspaces">;
  userId: Id<"users">;
  heirId: Id<"users">;
}

async function takeRoles(ctx: MutationCtx, { workspaceId, userId, heirId }: Taking): Promise<void> {
  const roles = await ctx.db
    .query("members")
    .withIndex("by_user_and_place", (q) => q.eq("userId", userId).eq("workspaceId", workspaceId))
    .take(PORTION);
  for (const row of roles) {
    await ctx.db.delete(row._id);
    if (row.role === "owner") await leaveOwner(ctx, row.resourceId, heirId);
  }
  await refileTrash(ctx, workspaceId);
  if (roles.length === PORTION) {
    await ctx.scheduler.runAfter(0, internal.workspaces.takeRolesOn, { workspaceId, userId, heirId });
  }
}

/** Makes the heir an owner of what has no other. What lies in a document has its owners there. */
async function leaveOwner(ctx: MutationCtx, resourceId: Id<"resources">, heirId: Id<"users">): Promise<void> {
  const resource = await ctx.db.get(resourceId);
  if (resource?.parentId !== null) return;
  const others = await membersOf(ctx, resourceId);
  if (others.some(({ role }) => role === "owner")) return;
  const heir = others.find(({ userId }) => userId === heirId);
  if (heir !== undefined) await ctx.db.patch(heir._id, { role: "owner" });
  else await addMemberRow(ctx, resource, heirId, "owner", false);
}

async function requireMember(ctx: QueryCtx, workspace: Doc<"workspaces">, userId: string) {
  if (workspace.personalOf !== null) throw refusal("invalid", "A personal workspace is one person's.");
  const id = ctx.db.normalizeId("users", userId);
  const member = id === null ? null : await membershipOf(ctx, id, workspace._id);
  if (member === null) throw refusal("not_found", "This person is not in the workspace.");
  return member;
}

/** Throws `invalid` if the workspace would be without an admin once this one is none any more. */
async function requireAnotherAdmin(
  ctx: QueryCtx,
  { workspaceId, role }: Doc<"workspaceMembers">,
): Promise<void> {
  if (role !== "admin") return;
  const admins = await peopleIn(ctx, workspaceId, 2, "admin");
  if (admins.length === 1) {
    throw refusal("invalid", "This is the last admin. Make somebody else an admin first.");
  }
}

async function firstAdmin(ctx: QueryCtx, workspaceId: Id<"workspaces">): Promise<Id<"users">> {
  const [first] = await peopleIn(ctx, workspaceId, 1, "admin");
  if (first === undefined) throw new Error("a workspace without an admin");
  return first.userId;
}

/** So many of those in a workspace, by role, admins first: that word comes first in the alphabet. */
export function peopleIn(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
  count: number,
  role?: Doc<"workspaceMembers">["role"],
): Promise<Doc<"workspaceMembers">[]> {
  return ctx.db
    .query("workspaceMembers")
    .withIndex("by_workspace_and_role", (q) => {
      const inWorkspace = q.eq("workspaceId", workspaceId);
      return role === undefined ? inWorkspace : inWorkspace.eq("role", role);
    })
    .take(count);
}

/** Throws `limit` if somebody is in as many workspaces as one can be. */
export async function requireRoomForWorkspace(ctx: QueryCtx, userId: Id<"users">): Promise<void> {
  if ((await membershipsOf(ctx, userId)).length >= WORKSPACES_PER_PERSON_MAX) {
    throw refusal("limit", `At most ${WORKSPACES_PER_PERSON_MAX} workspaces for one person.`);
  }
}

/** At most `WORKSPACES_PER_PERSON_MAX`. */
export function membershipsOf(ctx: QueryCtx, userId: Id<"users">): Promise<Doc<"workspaceMembers">[]> {
  return ctx.db
    .query("workspaceMembers")
    .withIndex("by_user_and_workspace", (q) => q.eq("userId", userId))
    .collect();
}

/** Gives somebody new the workspace that is theirs alone. Part of the transaction that creates the user. */
export async function createPersonalWorkspace(ctx: MutationCtx, user: Doc<"users">): Promise<void> {
  const workspaceId = await ctx.db.insert("workspaces", {
    name: `${user.name}'s workspace`,
    personalOf: user._id,
  });
  await addToWorkspace(ctx, workspaceId, user, "admin");
}

export async function addToWorkspace(
  ctx: MutationCtx,
  workspaceId: Id<"workspaces">,
  { _id: userId, name }: Doc<"users">,
  role: Doc<"workspaceMembers">["role"],
): Promise<void> {
  await ctx.db.insert("workspaceMembers", { workspaceId, userId, role, name });
}

/** Where something new goes: the workspace that was named, if the caller is in it, or the personal one. */
export async function workspaceForNew(
  ctx: QueryCtx,
  workspaceId: string | undefined,
): Promise<{ user: Doc<"users">; workspace: Doc<"workspaces"> }> {
  if (workspaceId !== undefined) return requireWorkspace(ctx, workspaceId, "member");
  const user = await requireUser(ctx);
  const workspace = await ctx.db
    .query("workspaces")
    .withIndex("by_personalOf", (q) => q.eq("personalOf", user._id))
    .unique();
  if (workspace === null) throw new Error("a user without a personal workspace");
  return { user, workspace };
}

/**
 * What a new document or diagram gives to its workspace. In a shared workspace people expect to find each
 * other's work; what is made in a personal one stays private.
 */
export function roleForWorkspace(workspace: Doc<"workspaces">): Role | null {
  return workspace.personalOf === null ? "editor" : null;
}
