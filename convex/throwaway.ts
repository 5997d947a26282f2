/** Removing throw-away accounts: see `protocol/throwaway.ts`. Whoever has a real address cannot be removed here. */
import { v } from "convex/values";
import { roomIdFor } from "../protocol/rooms";
import { THROWAWAY_EMAIL_DOMAIN } from "../protocol/throwaway";
import type { Doc, Id } from "./_generated/dataModel";
import { mutation, type MutationCtx } from "./_generated/server";
import { currentUser } from "./access";
import { refusal } from "./errors";

/**
 * Removes the caller, their personal workspace and the documents and diagrams in it, backups included. Nothing happens if nobody is
 * signed in: the account is gone already. Throws `forbidden` for an account that is no throw-away one.
 */
export const removeMe = mutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const user = await currentUser(ctx);
    if (user === null) return null;
    if (user.email?.endsWith(`@${THROWAWAY_EMAIL_DOMAIN}`) !== true) {
      throw refusal("forbidden", "This is no throw-away account.");
    }
    await removeWorkspaces(ctx, user);
    await removeMemberships(ctx, user._id);
    await removeAccount(ctx, user._id);
    return null;
  },
});

async function removeWorkspaces(ctx: MutationCtx, { _id: userId }: Doc<"users">): Promise<void> {
  const workspaces = await ctx.db
    .query("workspaces")
    .withIndex("by_personalOf", (q) => q.eq("personalOf", userId))
    .collect();
  for (const { _id: workspaceId } of workspaces) {
    const documents = await ctx.db
      .query("documents")
      .withIndex("by_workspace_and_role", (q) => q.eq("workspaceId", workspaceId))
      .collect();
    for (const document of documents) await removeDocument(ctx, document._id);
    const diagrams = await ctx.db
      .query("diagrams")
      .withIndex("by_workspace_and_role", (q) => q.eq("workspaceId", workspaceId))
      .collect();
    for (const diagram of diagrams) await removeDiagram(ctx, diagram._id);
    await ctx.db.delete(workspaceId);
  }
  const memberships = await ctx.db
    .query("workspaceMembers")
    .withIndex("by_user_and_workspace", (q) => q.eq("userId", userId))
    .collect();
  for (const { _id } of memberships) await ctx.db.delete(_id);
}

async function removeDocument(ctx: MutationCtx, documentId: Id<"documents">): Promise<void> {
  const members = await ctx.db
    .query("documentMembers")
    .withIndex("by_document", (q) => q.eq("documentId", documentId))
    .collect();
  for (const { _id } of members) await ctx.db.delete(_id);
  await removeSnapshots(ctx, roomIdFor("doc", documentId));
  await ctx.db.delete(documentId);
}

async function removeDiagram(ctx: MutationCtx, diagramId: Id<"diagrams">): Promise<void> {
  const members = await ctx.db
    .query("diagramMembers")
    .withIndex("by_diagram", (q) => q.eq("diagramId", diagramId))
    .collect();
  for (const { _id } of members) await ctx.db.delete(_id);
  await removeSnapshots(ctx, roomIdFor("diagram", diagramId));
  await ctx.db.delete(diagramId);
}

async function removeSnapshots(ctx: MutationCtx, roomId: string): Promise<void> {
  const snapshots = await ctx.db
    .query("snapshots")
    .withIndex("by_room", (q) => q.eq("roomId", roomId))
    .collect();
  for (const { _id, fileId } of snapshots) {
    await ctx.db.delete(_id);
    if ((await ctx.db.system.get(fileId)) !== null) await ctx.storage.delete(fileId);
  }
}

/** Roles that others gave them. */
async function removeMemberships(ctx: MutationCtx, userId: Id<"users">): Promise<void> {
  const named = await ctx.db
    .query("documentMembers")
    .withIndex("by_user_and_document", (q) => q.eq("userId", userId))
    .collect();
  for (const { _id } of named) await ctx.db.delete(_id);
  const drawn = await ctx.db
    .query("diagramMembers")
    .withIndex("by_user_and_diagram", (q) => q.eq("userId", userId))
    .collect();
  for (const { _id } of drawn) await ctx.db.delete(_id);
}

async function removeAccount(ctx: MutationCtx, userId: Id<"users">): Promise<void> {
  const accounts = await ctx.db
    .query("authAccounts")
    .withIndex("userIdAndProvider", (q) => q.eq("userId", userId))
    .collect();
  for (const { _id } of accounts) await ctx.db.delete(_id);
  const sessions = await ctx.db
    .query("authSessions")
    .withIndex("userId", (q) => q.eq("userId", userId))
    .collect();
  for (const { _id: sessionId } of sessions) {
    const tokens = await ctx.db
      .query("authRefreshTokens")
      .withIndex("sessionId", (q) => q.eq("sessionId", sessionId))
      .collect();
    for (const { _id } of tokens) await ctx.db.delete(_id);
    await ctx.db.delete(sessionId);
  }
  await ctx.db.delete(userId);
}
