/**
 * Who finds what in the trash, noted when it is put there and again when roles change, so that the lists read what they
 * show: once for everybody in the workspace, if what the workspace gives lets them restore it; and once for each person
 * whom only a role by name lets do that. What somebody may do with it is decided when they look.
 */
import { v } from "convex/values";
import { isAtLeast, type Role } from "../protocol/roles";
import { internal } from "./_generated/api";
import type { Doc, Id } from "./_generated/dataModel";
import { internalMutation, type MutationCtx, type QueryCtx } from "./_generated/server";
import { isInWorkspace, pathTo, strongest } from "./access";
import { membersOf } from "./placement";

/** Things in the trash that one transaction files anew. */
const PORTION = 50;

/** Somebody, or everybody in the workspace. */
type Finder = Id<"users"> | null;

/** Files something for those who may restore it now, and for nobody else; for nobody if it is not in the trash. */
export async function fileTrashed(ctx: MutationCtx, resourceId: Id<"resources">): Promise<void> {
  const resource = await ctx.db.get(resourceId);
  if (resource === null) return;
  const { workspaceId, trashedAt } = resource;
  const missing = trashedAt === null ? new Set<Finder>() : await findersOf(ctx, resource);
  const rows = await ctx.db
    .query("trashed")
    .withIndex("by_resource", (q) => q.eq("resourceId", resourceId))
    .collect();
  for (const row of rows) {
    const stays = row.workspaceId === workspaceId && row.at === trashedAt && missing.delete(row.userId);
    if (!stays) await ctx.db.delete(row._id);
  }
  if (trashedAt === null) return;
  for (const userId of missing) {
    await ctx.db.insert("trashed", { resourceId, workspaceId, userId, at: trashedAt });
  }
}

async function findersOf(ctx: QueryCtx, resource: Doc<"resources">): Promise<Set<Finder>> {
  const path = (await pathTo(ctx, resource)) ?? [];
  const given = path.reduce<Role | null>((role, node) => strongest(role, node.workspaceRole), null);
  const forAll = given !== null && isAtLeast(given, "editor");
  const finders = new Set<Finder>(forAll ? [null] : []);
  const named = (await Promise.all(path.map(({ _id }) => membersOf(ctx, _id)))).flat();
  const able = new Set(named.filter(({ role }) => isAtLeast(role, "editor")).map(({ userId }) => userId));
  for (const userId of able) {
    if (!forAll || !(await isInWorkspace(ctx, userId, resource.workspaceId))) finders.add(userId);
  }
  return finders;
}

/**
 * Files anew what is in a workspace's trash. For whatever changes who may restore something: it may lie anywhere below
 * what was changed. The first portion at once, the rest follows.
 */
export async function refileTrash(
  ctx: MutationCtx,
  workspaceId: Id<"workspaces">,
  cursor: string | null = null,
): Promise<void> {
  const { page, isDone, continueCursor } = await ctx.db
    .query("resources")
    .withIndex("by_workspace_and_trash", (q) => q.eq("workspaceId", workspaceId).gt("trashedAt", null))
    .paginate({ numItems: PORTION, cursor });
  for (const { _id } of page) await fileTrashed(ctx, _id);
  if (isDone) return;
  await ctx.scheduler.runAfter(0, internal.trash_lists.refileRest, { workspaceId, cursor: continueCursor });
}

/** What `refileTrash` has left. */
export const refileRest = internalMutation({
  args: { workspaceId: v.id("workspaces"), cursor: v.string() },
  returns: v.null(),
  handler: async (ctx, { workspaceId, cursor }) => {
    await refileTrash(ctx, workspaceId, cursor);
    return null;
  },
});
