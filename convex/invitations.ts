/**
 * How people get into a workspace: an admin invites an email address, or makes a link that lets in whoever has it.
 * Nothing is mailed: who is invited by address finds the invitation in Ripple once signed in with it, and the link can
 * be sent by whatever way people talk to each other. One by address is gone when it was answered, a link when it was
 * revoked or has expired.
 */
import { v } from "convex/values";
import { INVITATION_MAX_DAYS, PENDING_INVITATIONS_MAX, WORKSPACE_MAX_MEMBERS } from "../protocol/limits";
import { WORKSPACE_ROLES } from "../protocol/roles";
import { internal } from "./_generated/api";
import type { Doc, Id } from "./_generated/dataModel";
import { internalMutation, mutation, query, type MutationCtx, type QueryCtx } from "./_generated/server";
import { hasExpired, membershipOf, requireUser, requireWorkspace } from "./access";
import { refusal } from "./errors";
import { userByEmail } from "./people";
import { newToken } from "./secrets";
import { parseEmail } from "./text";
import { refileTrash } from "./trash_lists";
import { workspaceMemberRole } from "./validators";
import { addToWorkspace, peopleIn, requireRoomForWorkspace } from "./workspaces";

/** Of a person's invitations: anybody can make workspaces and invite an address from each. */
const OFFERS_SHOWN = 20;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Invites an address (again, perhaps to another role), or with `null` makes a link. Returns the token for the link's
 * address. Needs the role admin. */
export const create = mutation({
  args: {
    workspaceId: v.string(),
    email: v.union(v.string(), v.null()),
    role: workspaceMemberRole,
    /** Whole days until it expires. */
    days: v.number(),
  },
  returns: v.string(),
  handler: async (ctx, { workspaceId, email: typed, role, days }) => {
    const { user, workspace } = await requireWorkspace(ctx, workspaceId, "admin");
    if (workspace.personalOf !== null) throw refusal("invalid", "A personal workspace is one person's.");
    if (!(Number.isInteger(days) && days >= 1 && days <= INVITATION_MAX_DAYS)) {
      throw refusal("invalid", `An invitation expires after 1 to ${INVITATION_MAX_DAYS} days.`);
    }
    if (typed === null && role === "admin") {
      throw refusal("invalid", "Admins are invited by address: a link may end up with anybody.");
    }
    const email = typed === null ? null : parseEmail(typed);
    const pending = await pendingIn(ctx, workspace._id);
    const before = email === null ? undefined : pending.find((invitation) => invitation.email === email);
    if (before === undefined && pending.length >= PENDING_INVITATIONS_MAX) {
      throw refusal("limit", `At most ${PENDING_INVITATIONS_MAX} invitations can be open at a time.`);
    }
    if (email !== null) await requireOutsider(ctx, workspace._id, email);
    if (before !== undefined) await ctx.db.delete(before._id);
    const expiresAt = Date.now() + days * DAY_MS;
    const token = newToken();
    const invitation = { workspaceId: workspace._id, role, email, token, invitedBy: user._id, expiresAt };
    const invitationId = await ctx.db.insert("invitations", invitation);
    await ctx.scheduler.runAt(expiresAt, internal.invitations.expire, { invitationId });
    return token;
  },
});

async function requireOutsider(ctx: QueryCtx, workspaceId: Id<"workspaces">, email: string): Promise<void> {
  const user = await userByEmail(ctx, email);
  if (user !== null && (await membershipOf(ctx, user._id, workspaceId)) !== null) {
    throw refusal("invalid", "This person is in the workspace already.");
  }
}

function pendingIn(ctx: QueryCtx, workspaceId: Id<"workspaces">): Promise<Doc<"invitations">[]> {
  return ctx.db
    .query("invitations")
    .withIndex("by_workspace_and_end", (q) => q.eq("workspaceId", workspaceId).gt("expiresAt", Date.now()))
    .take(PENDING_INVITATIONS_MAX);
}

export const expire = internalMutation({
  args: { invitationId: v.id("invitations") },
  returns: v.null(),
  handler: async (ctx, { invitationId }) => {
    const invitation = await ctx.db.get(invitationId);
    if (invitation !== null && hasExpired(invitation)) await ctx.db.delete(invitationId);
    return null;
  },
});

/** What is open in a workspace. Needs the role admin. */
export const pending = query({
  args: { workspaceId: v.string() },
  returns: v.array(
    v.object({
      invitationId: v.id("invitations"),
      email: v.union(v.string(), v.null()),
      role: workspaceMemberRole,
      token: v.string(),
      expiresAt: v.number(),
    }),
  ),
  handler: async (ctx, { workspaceId }) => {
    const { workspace } = await requireWorkspace(ctx, workspaceId, "admin");
    const invitations = await pendingIn(ctx, workspace._id);
    return invitations.map(({ _id, email, role, token, expiresAt }) => ({
      invitationId: _id,
      email,
      role,
      token,
      expiresAt,
    }));
  },
});

/** Takes an invitation back. Needs the role admin. */
export const revoke = mutation({
  args: { workspaceId: v.string(), invitationId: v.string() },
  returns: v.null(),
  handler: async (ctx, { workspaceId, invitationId }) => {
    const { workspace } = await requireWorkspace(ctx, workspaceId, "admin");
    const id = ctx.db.normalizeId("invitations", invitationId);
    const invitation = id === null ? null : await ctx.db.get(id);
    if (invitation?.workspaceId !== workspace._id) {
      throw refusal("not_found", "There is no such invitation to this workspace.");
    }
    await ctx.db.delete(invitation._id);
    return null;
  },
});

const offer = v.object({
  token: v.string(),
  workspace: v.string(),
  role: workspaceMemberRole,
  invitedBy: v.string(),
});

/** Invitations to the caller's address, the latest; others show when these are answered. */
export const mine = query({
  args: {},
  returns: v.array(offer),
  handler: async (ctx) => {
    const { email } = await requireUser(ctx);
    if (email === undefined) return [];
    const invitations = await ctx.db
      .query("invitations")
      .withIndex("by_email_and_workspace", (q) => q.eq("email", email))
      .order("desc")
      .take(OFFERS_SHOWN);
    const offers = await Promise.all(invitations.map((invitation) => describe(ctx, invitation)));
    return offers.filter((found) => found !== null);
  },
});

/** What a link offers, also for somebody who is not signed in; `null` if it leads nowhere (any more). */
export const preview = query({
  args: { token: v.string() },
  returns: v.union(offer, v.null()),
  handler: async (ctx, { token }) => {
    const invitation = await byToken(ctx, token);
    return invitation === null ? null : describe(ctx, invitation);
  },
});

async function describe(ctx: QueryCtx, invitation: Doc<"invitations">) {
  const workspace = await ctx.db.get(invitation.workspaceId);
  const inviter = await ctx.db.get(invitation.invitedBy);
  if (workspace === null || hasExpired(invitation)) return null;
  const { token, role } = invitation;
  return { token, workspace: workspace.name, role, invitedBy: inviter?.name ?? "Somebody" };
}

/** The caller joins. Throws `not_found` if it leads nowhere, `forbidden` if it is for somebody else. */
export const accept = mutation({
  args: { token: v.string() },
  returns: v.id("workspaces"),
  handler: async (ctx, { token }) => {
    const { user, invitation } = await requireOffer(ctx, token);
    if (user.isAnonymous === true) throw refusal("forbidden", "This needs somebody with an account.");
    const { workspaceId, role } = invitation;
    await join(ctx, user, workspaceId, role);
    if (invitation.email !== null) await ctx.db.delete(invitation._id);
    return workspaceId;
  },
});

/** Of somebody who is in already, the stronger role stays. */
async function join(
  ctx: MutationCtx,
  user: Doc<"users">,
  workspaceId: Id<"workspaces">,
  role: Doc<"workspaceMembers">["role"],
): Promise<void> {
  const membership = await membershipOf(ctx, user._id, workspaceId);
  if (membership !== null) {
    const stronger = WORKSPACE_ROLES.indexOf(role) > WORKSPACE_ROLES.indexOf(membership.role);
    if (!stronger) return;
    await ctx.db.patch(membership._id, { role });
    await refileTrash(ctx, workspaceId);
    return;
  }
  if ((await peopleIn(ctx, workspaceId, WORKSPACE_MAX_MEMBERS)).length >= WORKSPACE_MAX_MEMBERS) {
    throw refusal("limit", `At most ${WORKSPACE_MAX_MEMBERS} people in a workspace.`);
  }
  await requireRoomForWorkspace(ctx, user._id);
  await addToWorkspace(ctx, workspaceId, user, role);
  await refileTrash(ctx, workspaceId);
}

/** The caller does not want to. */
export const decline = mutation({
  args: { token: v.string() },
  returns: v.null(),
  handler: async (ctx, { token }) => {
    const { invitation } = await requireOffer(ctx, token);
    if (invitation.email !== null) await ctx.db.delete(invitation._id);
    return null;
  },
});

async function requireOffer(ctx: QueryCtx, token: string) {
  const user = await requireUser(ctx);
  const invitation = await byToken(ctx, token);
  if (invitation === null || hasExpired(invitation)) {
    throw refusal("not_found", "This invitation was taken back, or it has expired.");
  }
  if (invitation.email !== null && invitation.email !== user.email) {
    throw refusal("forbidden", "This invitation is for another address.");
  }
  return { user, invitation };
}

function byToken(ctx: QueryCtx, token: string): Promise<Doc<"invitations"> | null> {
  return ctx.db
    .query("invitations")
    .withIndex("by_token", (q) => q.eq("token", token))
    .unique();
}
