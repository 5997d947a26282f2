/**
 * Who finds what in the trash, noted when it is put there, so that the lists read what they show: once for everybody
 * in the workspace, if what the workspace gives lets them restore it; and once for each person whom only a role by
 * name lets do that. What somebody may do with it is decided when they look.
 */
import { isAtLeast, type Role } from "../protocol/roles";
import type { Id } from "./_generated/dataModel";
import type { MutationCtx } from "./_generated/server";
import { isInWorkspace, pathTo, strongest } from "./access";
import { membersOf } from "./placement";

export async function fileTrashed(ctx: MutationCtx, resourceId: Id<"resources">): Promise<void> {
  const resource = await ctx.db.get(resourceId);
  const path = resource === null ? null : await pathTo(ctx, resource);
  if (resource === null || path === null || resource.trashedAt === null) return;
  const { workspaceId, trashedAt: at } = resource;
  const given = path.reduce<Role | null>((role, node) => strongest(role, node.workspaceRole), null);
  const forAll = given !== null && isAtLeast(given, "editor");
  if (forAll) await ctx.db.insert("trashed", { resourceId, workspaceId, userId: null, at });
  const named = (await Promise.all(path.map(({ _id }) => membersOf(ctx, _id)))).flat();
  const able = new Set(named.filter(({ role }) => isAtLeast(role, "editor")).map(({ userId }) => userId));
  for (const userId of able) {
    if (forAll && (await isInWorkspace(ctx, userId, workspaceId))) continue;
    await ctx.db.insert("trashed", { resourceId, workspaceId, userId, at });
  }
}

export async function unfileTrashed(ctx: MutationCtx, resourceId: Id<"resources">): Promise<void> {
  const rows = await ctx.db
    .query("trashed")
    .withIndex("by_resource", (q) => q.eq("resourceId", resourceId))
    .collect();
  for (const { _id } of rows) await ctx.db.delete(_id);
}
