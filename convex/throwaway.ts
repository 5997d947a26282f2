/** Removing throw-away accounts: see `protocol/throwaway.ts`. Whoever has a real address cannot be removed here. */
import { v } from "convex/values";
import { THROWAWAY_EMAIL_DOMAIN } from "../protocol/throwaway";
import type { Doc, Id } from "./_generated/dataModel";
import { mutation, type MutationCtx } from "./_generated/server";
import { currentUser } from "./access";
import { refusal } from "./errors";
import { removeWorkspace } from "./removal";

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
  for (const { _id } of workspaces) await removeWorkspace(ctx, _id);
  const memberships = await ctx.db
    .query("workspaceMembers")
    .withIndex("by_user_and_workspace", (q) => q.eq("userId", userId))
    .collect();
  for (const { _id } of memberships) await ctx.db.delete(_id);
}

/** Roles that others gave them. */
async function removeMemberships(ctx: MutationCtx, userId: Id<"users">): Promise<void> {
  const named = await ctx.db
    .query("members")
    .withIndex("by_user_and_resource", (q) => q.eq("userId", userId))
    .collect();
  for (const { _id } of named) await ctx.db.delete(_id);
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
