/**
 * The trash. What is put there takes along what lies in it: only the one row is marked, and everything below is shut
 * because its way to the top leads through it. After `TRASH_DAYS` it is removed for good, see `removal.ts`.
 */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v, type Infer } from "convex/values";
import { TRASH_DAYS } from "../protocol/limits";
import { isAtLeast } from "../protocol/roles";
import { internal } from "./_generated/api";
import type { Doc } from "./_generated/dataModel";
import { internalMutation, mutation, query, type QueryCtx } from "./_generated/server";
import { accessOf, accessToRow, requireAccess, requireWorkspace, type Access } from "./access";
import { refusal } from "./errors";
import { mapPage, pageOf } from "./pages";
import { change, rankAtTop } from "./placement";
import { removeResource } from "./removal";
import { fileTrashed } from "./trash_lists";
import { resourceKind } from "./validators";

const DAY_MS = 24 * 60 * 60 * 1000;

/** How many one run of the cron removes before it calls for the next. */
const REMOVED_AT_ONCE = 50;

/** Needs the role editor, otherwise than by link. */
export const put = mutation({
  args: { kind: resourceKind, resourceId: v.string() },
  returns: v.null(),
  handler: async (ctx, { kind, resourceId }) => {
    const { resource } = await requireAccess(ctx, kind, resourceId, "editor", { withoutLink: true });
    await change(ctx, resource._id, { trashedAt: Date.now() });
    await fileTrashed(ctx, resource._id);
    return null;
  },
});

/** Brings back what was put into the trash, to where it was. Needs the role editor, otherwise than by link. */
export const restore = mutation({
  args: { kind: resourceKind, resourceId: v.string() },
  returns: v.null(),
  handler: async (ctx, { kind, resourceId }) => {
    const needs = { withoutLink: true, evenTrashed: true };
    const { resource, path } = await requireAccess(ctx, kind, resourceId, "editor", needs);
    if (path.some(({ trashedAt }, above) => above > 0 && trashedAt !== null)) {
      throw refusal("trashed", "It lies in a document that is in the trash. Restore that one.");
    }
    if (resource.trashedAt === null) return null;
    // Somebody may have put something into its place meanwhile; two with the same rank have no order.
    const rank = (await isTaken(ctx, resource)) ? await rankAtTop(ctx, resource) : resource.rank;
    await change(ctx, resource._id, { trashedAt: null, rank });
    await fileTrashed(ctx, resource._id);
    return null;
  },
});

async function isTaken(ctx: QueryCtx, resource: Doc<"resources">): Promise<boolean> {
  const { workspaceId, parentId, shelf, rank } = resource;
  const other = await ctx.db
    .query("resources")
    .withIndex("by_place", (q) =>
      q
        .eq("workspaceId", workspaceId)
        .eq("parentId", parentId)
        .eq("shelf", shelf)
        .eq("trashedAt", null)
        .eq("rank", rank),
    )
    .first();
  return other !== null;
}

/** Does not wait for the 30 days. Only what was put into the trash itself. Needs the role owner. */
export const deleteForever = mutation({
  args: { kind: resourceKind, resourceId: v.string() },
  returns: v.null(),
  handler: async (ctx, { kind, resourceId }) => {
    const { resource } = await requireAccess(ctx, kind, resourceId, "owner", { evenTrashed: true });
    if (resource.trashedAt === null) throw refusal("invalid", "It has to be put into the trash first.");
    await removeResource(ctx, resource);
    return null;
  },
});

const trashed = v.object({
  kind: resourceKind,
  resourceId: v.id("resources"),
  title: v.string(),
  icon: v.union(v.string(), v.null()),
  trashedAt: v.number(),
  /** When it is removed for good. */
  goesAt: v.number(),
  mayRestore: v.boolean(),
  mayDelete: v.boolean(),
});

/** What was put into the trash, of a document or diagram that is shut by it. Needs the role that it needed before. */
export const look = query({
  args: { kind: resourceKind, resourceId: v.string() },
  returns: v.union(trashed, v.null()),
  handler: async (ctx, { kind, resourceId }) => {
    const { user, path } = await requireAccess(ctx, kind, resourceId, "viewer", { evenTrashed: true });
    const top = path.filter(({ trashedAt }) => trashedAt !== null).at(-1);
    // Whoever was given something deeper in the tree need not have access to what was put away.
    return top === undefined ? null : describe(await accessToRow(ctx, user._id, top), top);
  },
});

/**
 * What the caller can restore in a workspace, the latest first: what everybody there can, which is not for guests, or
 * what they can by a role of their own.
 */
export const list = query({
  args: {
    workspaceId: v.string(),
    whose: v.union(v.literal("workspace"), v.literal("own")),
    paginationOpts: paginationOptsValidator,
  },
  returns: paginationResultValidator(trashed),
  handler: async (ctx, { workspaceId, whose, paginationOpts }) => {
    const minimum = whose === "workspace" ? "member" : "guest";
    const { user, workspace } = await requireWorkspace(ctx, workspaceId, minimum);
    const userId = whose === "workspace" ? null : user._id;
    const page = await ctx.db
      .query("trashed")
      .withIndex("by_whose", (q) => q.eq("workspaceId", workspace._id).eq("userId", userId))
      .order("desc")
      .paginate(pageOf(paginationOpts));
    const access = accessOf(ctx, user._id);
    return mapPage(page, async ({ resourceId }) => {
      const resource = await ctx.db.get(resourceId);
      const item = resource === null ? null : describe(await access(resource), resource);
      return item?.mayRestore === true ? item : null;
    });
  },
});

function describe(access: Access, resource: Doc<"resources">): Infer<typeof trashed> | null {
  const { trashedAt } = resource;
  if (access.kind !== "trashed" || trashedAt === null) return null;
  const { standing, role, trashed: top } = access;
  return {
    kind: resource.kind,
    resourceId: resource._id,
    title: resource.title,
    icon: resource.icon,
    trashedAt,
    goesAt: trashedAt + TRASH_DAYS * DAY_MS,
    mayRestore: standing !== null && isAtLeast(standing, "editor") && top._id === resource._id,
    mayDelete: role === "owner",
  };
}

/** The cron: removes what has been in the trash for long enough. */
export const removeOld = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const old = await ctx.db
      .query("resources")
      .withIndex("by_trash", (q) =>
        q.gt("trashedAt", null).lte("trashedAt", Date.now() - TRASH_DAYS * DAY_MS),
      )
      .take(REMOVED_AT_ONCE);
    for (const resource of old) await removeResource(ctx, resource);
    if (old.length === REMOVED_AT_ONCE) await ctx.scheduler.runAfter(0, internal.trash.removeOld, {});
    return null;
  },
});
