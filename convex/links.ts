/**
 * Links that let in whoever has them. A document or diagram has at most one. Opening it leaves a row in
 * `linkGuests`, which says that this person came by that link; what they may do stands in the link alone, so changing
 * or revoking it reaches everybody who ever used it, in the same moment.
 */
import { v } from "convex/values";
import { LINK_MAX_DAYS } from "../protocol/limits";
import { internal } from "./_generated/api";
import type { Doc } from "./_generated/dataModel";
import { internalMutation, mutation, query, type MutationCtx, type QueryCtx } from "./_generated/server";
import { accessToRow, hasExpired, pathTo, requireAccess, requireUser } from "./access";
import { refusal } from "./errors";
import { newToken } from "./secrets";
import { linkOf } from "./sharing";
import { openRole, resourceKind } from "./validators";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Rows that one transaction forgets. */
const FORGOTTEN_AT_ONCE = 500;

/**
 * Makes the link, or changes what it gives and when it ends. Needs the role owner. Throws `invalid` when the end is to
 * stay as it is, and there is no link (any more).
 */
export const set = mutation({
  args: {
    kind: resourceKind,
    resourceId: v.string(),
    role: openRole,
    /** Whole days from now; `null`: it does not end by itself. Absent: it ends when it was to end. */
    days: v.optional(v.union(v.number(), v.null())),
  },
  returns: v.string(),
  handler: async (ctx, { kind, resourceId, role, days }) => {
    const { resource } = await requireAccess(ctx, kind, resourceId, "owner");
    if (days != null && !(Number.isInteger(days) && days >= 1 && days <= LINK_MAX_DAYS)) {
      throw refusal("invalid", `A link ends after 1 to ${LINK_MAX_DAYS} days, or never.`);
    }
    const existing = await linkOf(ctx, resource._id);
    const known = existing !== null && !hasExpired(existing) ? existing : null;
    if (days === undefined) {
      if (known === null) throw refusal("invalid", "This link has ended. Make a new one.");
      await ctx.db.patch(known._id, { role });
      return known.token;
    }
    if (existing !== null && known === null) await remove(ctx, existing);
    const expiresAt = days === null ? null : Date.now() + days * DAY_MS;
    const token = known?.token ?? newToken();
    const linkId =
      known?._id ?? (await ctx.db.insert("links", { resourceId: resource._id, role, token, expiresAt }));
    await ctx.db.patch(linkId, { role, expiresAt });
    // Open pages learn of the end too: their queries do not run again just because time passes.
    if (expiresAt !== null) await ctx.scheduler.runAt(expiresAt, internal.links.expire, { linkId });
    return token;
  },
});

/** Needs the role owner. Whoever came by the link loses what it gave. */
export const revoke = mutation({
  args: { kind: resourceKind, resourceId: v.string() },
  returns: v.null(),
  handler: async (ctx, { kind, resourceId }) => {
    const { resource } = await requireAccess(ctx, kind, resourceId, "owner");
    const link = await linkOf(ctx, resource._id);
    if (link !== null) await remove(ctx, link);
    return null;
  },
});

export const expire = internalMutation({
  args: { linkId: v.id("links") },
  returns: v.null(),
  handler: async (ctx, { linkId }) => {
    const link = await ctx.db.get(linkId);
    // It may have been given another end meanwhile.
    if (link !== null && hasExpired(link)) await remove(ctx, link);
    return null;
  },
});

async function remove(ctx: MutationCtx, { _id: linkId }: Doc<"links">): Promise<void> {
  await ctx.db.delete(linkId);
  await ctx.scheduler.runAfter(0, internal.links.forgetGuests, { linkId });
}

/** Guests of a link that is gone have no access by it any more; this only tidies up. */
export const forgetGuests = internalMutation({
  args: { linkId: v.id("links") },
  returns: v.null(),
  handler: async (ctx, { linkId }) => {
    const guests = await ctx.db
      .query("linkGuests")
      .withIndex("by_link", (q) => q.eq("linkId", linkId))
      .take(FORGOTTEN_AT_ONCE);
    for (const { _id } of guests) await ctx.db.delete(_id);
    if (guests.length === FORGOTTEN_AT_ONCE)
      await ctx.scheduler.runAfter(0, internal.links.forgetGuests, { linkId });
    return null;
  },
});

/** What a link leads to, for somebody who is not signed in yet; `null` if it leads nowhere (any more). */
export const preview = query({
  args: { token: v.string() },
  returns: v.union(
    v.object({ kind: resourceKind, resourceId: v.id("resources"), title: v.string(), role: openRole }),
    v.null(),
  ),
  handler: async (ctx, { token }) => {
    const found = await follow(ctx, token);
    if (found === null) return null;
    const { link, resource } = found;
    return { kind: resource.kind, resourceId: resource._id, title: resource.title, role: link.role };
  },
});

/** The caller comes in by a link. Throws `unauthenticated`, and `not_found` if it leads nowhere. */
export const open = mutation({
  args: { token: v.string() },
  returns: v.object({ kind: resourceKind, resourceId: v.id("resources") }),
  handler: async (ctx, { token }) => {
    const user = await requireUser(ctx);
    const found = await follow(ctx, token);
    if (found === null) throw refusal("not_found", "This link leads nowhere any more.");
    const { link, resource } = found;
    const access = await accessToRow(ctx, user._id, resource);
    // Who is an owner already gains nothing; everybody else does, should their other role be taken away.
    if (access.kind !== "granted" || access.role !== "owner") await admit(ctx, link, user);
    return { kind: resource.kind, resourceId: resource._id };
  },
});

async function follow(ctx: QueryCtx, token: string) {
  const link = await ctx.db
    .query("links")
    .withIndex("by_token", (q) => q.eq("token", token))
    .unique();
  if (link === null || hasExpired(link)) return null;
  const resource = await ctx.db.get(link.resourceId);
  const path = resource === null ? null : await pathTo(ctx, resource);
  const shut = path === null || path.some(({ trashedAt }) => trashedAt !== null);
  return resource === null || shut ? null : { link, resource };
}

async function admit(
  ctx: MutationCtx,
  { _id: linkId, resourceId }: Doc<"links">,
  { _id: userId }: Doc<"users">,
) {
  const before = await ctx.db
    .query("linkGuests")
    .withIndex("by_user_and_resource", (q) => q.eq("userId", userId).eq("resourceId", resourceId))
    .unique();
  if (before === null) await ctx.db.insert("linkGuests", { linkId, resourceId, userId });
  else if (before.linkId !== linkId) await ctx.db.patch(before._id, { linkId });
}
