import { v } from "convex/values";
import type { Role } from "../protocol/roles";
import type { Doc, Id } from "./_generated/dataModel";
import { query, type MutationCtx, type QueryCtx } from "./_generated/server";
import { requireUser, requireWorkspace } from "./access";
import { workspaceMemberRole } from "./validators";

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
    const memberships = await ctx.db
      .query("workspaceMembers")
      .withIndex("by_user_and_workspace", (q) => q.eq("userId", user._id))
      .collect();
    const entries = await Promise.all(
      memberships.map(async ({ workspaceId, role }) => {
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

/** Gives somebody new the workspace that is theirs alone. Part of the transaction that creates the user. */
export async function createPersonalWorkspace(ctx: MutationCtx, user: Doc<"users">): Promise<void> {
  const workspaceId = await ctx.db.insert("workspaces", {
    name: `${user.name}'s workspace`,
    personalOf: user._id,
  });
  await ctx.db.insert("workspaceMembers", { workspaceId, userId: user._id, role: "admin" });
}

/** Where something new goes: the workspace that was named, if the caller is in it, or the personal one. */
export async function workspaceForNew(
  ctx: QueryCtx,
  workspaceId: string | undefined,
): Promise<{ user: Doc<"users">; workspace: Doc<"workspaces"> }> {
  if (workspaceId !== undefined) return requireWorkspace(ctx, workspaceId);
  const user = await requireUser(ctx);
  const workspace = await ctx.db
    .query("workspaces")
    .withIndex("by_personalOf", (q) => q.eq("personalOf", user._id))
    .unique();
  if (workspace === null) throw new Error("a user without a personal workspace");
  return { user, workspace };
}

/** The ids of all workspaces that somebody is in. */
export async function workspaceIdsOf(
  ctx: QueryCtx,
  userId: Id<"users">,
): Promise<ReadonlySet<Id<"workspaces">>> {
  const memberships = await ctx.db
    .query("workspaceMembers")
    .withIndex("by_user_and_workspace", (q) => q.eq("userId", userId))
    .collect();
  return new Set(memberships.map(({ workspaceId }) => workspaceId));
}

/**
 * What a new document or diagram gives to its workspace. In a shared workspace people expect to find each
 * other's work; what is made in a personal one stays private, whoever may be let in there some day.
 */
export function roleForWorkspace(workspace: Doc<"workspaces">): Role | null {
  return workspace.personalOf === null ? "editor" : null;
}
