/**
 * Removing a document, a diagram or a workspace for good. Its row goes first, and with it every access, also to what lies in it,
 * whose way to the top ends there; also a late backup finds nothing that it could belong to. All the rest follows in
 * scheduled mutations, which Convex runs exactly once, in portions that fit into a transaction.
 */
import { v } from "convex/values";
import { roomIdFor } from "../protocol/rooms";
import { internal } from "./_generated/api";
import type { Doc, Id } from "./_generated/dataModel";
import { internalMutation, type MutationCtx, type QueryCtx } from "./_generated/server";
import { buryRoom } from "./burials";
import { removeSnapshot } from "./snapshots";

/** Rows that one transaction removes. */
const PORTION = 200;

/** Removes something, everything that lies in it, their backups and their rooms. */
export async function removeResource(ctx: MutationCtx, { _id, kind }: Doc<"resources">): Promise<void> {
  const roomId = roomIdFor(kind, _id);
  await ctx.db.delete(_id);
  await removeSnapshot(ctx, roomId);
  await buryRoom(ctx, roomId);
  await ctx.scheduler.runAfter(0, internal.removal.removeRest, { resourceId: _id });
}

/** What lay in it, and what points at it. */
export const removeRest = internalMutation({
  args: { resourceId: v.id("resources") },
  returns: v.null(),
  handler: async (ctx, { resourceId }) => {
    const inside = await ctx.db
      .query("resources")
      .withIndex("by_parent", (q) => q.eq("parentId", resourceId))
      .take(PORTION / 4);
    for (const resource of inside) await removeResource(ctx, resource);
    const pointers = await pointersTo(ctx, resourceId);
    for (const id of pointers) await ctx.db.delete(id);
    if (inside.length + pointers.length > 0) {
      await ctx.scheduler.runAfter(0, internal.removal.removeRest, { resourceId });
    }
    return null;
  },
});

/** Removes a workspace and everything in it. Without its row nobody has a way to what was in it, see `pathTo`. */
export async function removeWorkspace(ctx: MutationCtx, workspaceId: Id<"workspaces">): Promise<void> {
  await ctx.db.delete(workspaceId);
  await removeSomeOf(ctx, workspaceId);
}

/** What `removeWorkspace` has left. */
export const removeRestOfWorkspace = internalMutation({
  args: { workspaceId: v.id("workspaces") },
  returns: v.null(),
  handler: async (ctx, { workspaceId }) => {
    await removeSomeOf(ctx, workspaceId);
    return null;
  },
});

/** A portion of what was in a workspace, of who was in it, and of who was invited; the rest follows. */
async function removeSomeOf(ctx: MutationCtx, workspaceId: Id<"workspaces">): Promise<void> {
  const resources = await ctx.db
    .query("resources")
    .withIndex("by_place", (q) => q.eq("workspaceId", workspaceId))
    .take(PORTION / 4);
  for (const resource of resources) await removeResource(ctx, resource);
  const people = await ctx.db
    .query("workspaceMembers")
    .withIndex("by_workspace_and_role", (q) => q.eq("workspaceId", workspaceId))
    .take(PORTION);
  const invitations = await ctx.db
    .query("invitations")
    .withIndex("by_workspace_and_end", (q) => q.eq("workspaceId", workspaceId))
    .take(PORTION);
  for (const { _id } of [...people, ...invitations]) await ctx.db.delete(_id);
  if (resources.length === PORTION / 4 || people.length === PORTION || invitations.length === PORTION) {
    await ctx.scheduler.runAfter(0, internal.removal.removeRestOfWorkspace, { workspaceId });
  }
}

async function pointersTo(ctx: QueryCtx, resourceId: Id<"resources">) {
  const rows = await Promise.all(
    (["members", "links", "linkGuests", "favourites", "visits", "trashed"] as const).map((table) =>
      ctx.db
        .query(table)
        .withIndex("by_resource", (q) => q.eq("resourceId", resourceId))
        .take(PORTION),
    ),
  );
  return rows.flat().map(({ _id }) => _id);
}
