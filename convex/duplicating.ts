/**
 * Duplicating a document or diagram. The content comes from its room as it is now, and becomes the backup of the new
 * one's room, which is empty when somebody first opens it and then loads it, as any room does that has lost its storage.
 */
import { v } from "convex/values";
import { CONTENT_DOOR } from "../protocol/backup";
import { TITLE_MAX_CHARS } from "../protocol/limits";
import { isAtLeast, type Role } from "../protocol/roles";
import { roomIdFor } from "../protocol/rooms";
import { internal } from "./_generated/api";
import type { Doc, Id } from "./_generated/dataModel";
import { action, internalMutation, internalQuery, type QueryCtx } from "./_generated/server";
import { accessToRow, isInWorkspace, requireAccess } from "./access";
import { create } from "./resources";
import { askRoom } from "./room_door";
import { resourceKind } from "./validators";

const SUFFIX = " (copy)";

/**
 * Makes a copy beside the original, or in the personal workspace of somebody who may not put anything there. Needs the
 * role viewer: whoever can read it could copy it by hand. What lies in a document is not copied.
 */
export const duplicate = action({
  args: { kind: resourceKind, resourceId: v.string() },
  returns: v.id("resources"),
  handler: async (ctx, { kind, resourceId }): Promise<Id<"resources">> => {
    const roomId = await ctx.runQuery(internal.duplicating.roomToCopy, { kind, resourceId });
    const fileId = await ctx.storage.store(await contentOf(roomId));
    try {
      return await ctx.runMutation(internal.duplicating.makeCopy, { kind, resourceId, fileId });
    } catch (error) {
      await ctx.storage.delete(fileId);
      throw error;
    }
  },
});

export const roomToCopy = internalQuery({
  args: { kind: resourceKind, resourceId: v.string() },
  returns: v.string(),
  handler: async (ctx, { kind, resourceId }) => {
    const { resource } = await requireAccess(ctx, kind, resourceId, "viewer");
    return roomIdFor(kind, resource._id);
  },
});

async function contentOf(roomId: string): Promise<Blob> {
  const response = await askRoom("GET", `${roomId}/${CONTENT_DOOR}`);
  if (response.status !== 200) throw new Error(`a room did not give its content: status ${response.status}`);
  return response.blob();
}

export const makeCopy = internalMutation({
  args: { kind: resourceKind, resourceId: v.string(), fileId: v.id("_storage") },
  returns: v.id("resources"),
  handler: async (ctx, { kind, resourceId, fileId }) => {
    // Asked again: it may have been taken away while its content was fetched.
    const { resource, user } = await requireAccess(ctx, kind, resourceId, "viewer");
    const where = await placeForCopy(ctx, user._id, resource);
    const copyId = await create(ctx, { kind, title: titleOfCopy(resource.title), ...where });
    await ctx.db.patch(copyId, { icon: resource.icon });
    await ctx.db.insert("snapshots", { roomId: roomIdFor(kind, copyId), number: 1, fileId });
    return copyId;
  },
});

/**
 * In the same document, or at the top of the same workspace, where it gives to everybody what the original gives: what
 * is private stays so. Nowhere in particular is the personal workspace.
 */
async function placeForCopy(
  ctx: QueryCtx,
  userId: Id<"users">,
  { parentId, workspaceId, workspaceRole }: Doc<"resources">,
): Promise<{ parentId?: string; workspaceId?: string; workspaceRole?: Role | null }> {
  if (parentId === null) {
    return (await isInWorkspace(ctx, userId, workspaceId)) ? { workspaceId, workspaceRole } : {};
  }
  const parent = await ctx.db.get(parentId);
  const access = parent === null ? null : await accessToRow(ctx, userId, parent);
  const mayPutThere =
    access?.kind === "granted" && access.standing !== null && isAtLeast(access.standing, "editor");
  return mayPutThere ? { parentId } : {};
}

function titleOfCopy(title: string): string {
  // Half of an emoji at the end would be no text.
  const kept = title.slice(0, TITLE_MAX_CHARS - SUFFIX.length).replace(/[\uD800-\uDBFF]$/, "");
  return kept + SUFFIX;
}
