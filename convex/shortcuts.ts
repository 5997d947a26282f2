/** A person's own ways to things: favourites, what they opened lately, and finding by title. */
import { v, type Infer } from "convex/values";
import { FAVOURITES_MAX, RECENTS_MAX, TITLE_MAX_CHARS } from "../protocol/limits";
import type { Doc, Id } from "./_generated/dataModel";
import { mutation, query, type QueryCtx } from "./_generated/server";
import { accessToRow, requireAccess, requireUser } from "./access";
import { refusal } from "./errors";
import { asEntry } from "./resources";
import { entry, resourceKind } from "./validators";

const FOUND_MAX = 20;
/** Of each workspace, before those are left out that the caller may not see. */
const FOUND_IN_WORKSPACE_MAX = 40;
/** Workspaces of others in which something was shared with the caller. */
const FOREIGN_WORKSPACES_MAX = 20;

/** Makes something a favourite of the caller's, or no more. Needs the role viewer. */
export const setFavourite = mutation({
  args: { kind: resourceKind, resourceId: v.string(), favourite: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { kind, resourceId, favourite }) => {
    const { user, resource } = await requireAccess(ctx, kind, resourceId, "viewer");
    const mine = await ctx.db
      .query("favourites")
      .withIndex("by_user_and_resource", (q) => q.eq("userId", user._id))
      .take(FAVOURITES_MAX);
    const existing = mine.find((row) => row.resourceId === resource._id);
    if (!favourite && existing !== undefined) await ctx.db.delete(existing._id);
    if (!favourite || existing !== undefined) return null;
    if (mine.length >= FAVOURITES_MAX) throw refusal("limit", `At most ${FAVOURITES_MAX} favourites.`);
    await ctx.db.insert("favourites", { userId: user._id, resourceId: resource._id });
    return null;
  },
});

/** The caller's favourites, in the order in which they became that. */
export const favourites = query({
  args: {},
  returns: v.array(entry),
  handler: async (ctx) => {
    const user = await requireUser(ctx);
    const rows = await ctx.db
      .query("favourites")
      .withIndex("by_user_and_resource", (q) => q.eq("userId", user._id))
      .take(FAVOURITES_MAX);
    rows.sort((a, b) => a._creationTime - b._creationTime);
    return entriesOf(ctx, user, rows);
  },
});

/** Remembers that the caller has opened something. Needs the role viewer. */
export const visit = mutation({
  args: { kind: resourceKind, resourceId: v.string() },
  returns: v.null(),
  handler: async (ctx, { kind, resourceId }) => {
    const { user, resource } = await requireAccess(ctx, kind, resourceId, "viewer");
    const before = await ctx.db
      .query("visits")
      .withIndex("by_user_and_resource", (q) => q.eq("userId", user._id).eq("resourceId", resource._id))
      .unique();
    const at = Date.now();
    if (before !== null) {
      await ctx.db.patch(before._id, { at });
      return null;
    }
    await ctx.db.insert("visits", { userId: user._id, resourceId: resource._id, at });
    const visits = await recentVisits(ctx, user._id, RECENTS_MAX + 1);
    const oldest = visits[RECENTS_MAX];
    if (oldest !== undefined) await ctx.db.delete(oldest._id);
    return null;
  },
});

/** What the caller opened lately, the latest first. */
export const recents = query({
  args: {},
  returns: v.array(entry),
  handler: async (ctx) => {
    const user = await requireUser(ctx);
    return entriesOf(ctx, user, await recentVisits(ctx, user._id, RECENTS_MAX));
  },
});

function recentVisits(ctx: QueryCtx, userId: Id<"users">, count: number): Promise<Doc<"visits">[]> {
  return ctx.db
    .query("visits")
    .withIndex("by_user_and_time", (q) => q.eq("userId", userId))
    .order("desc")
    .take(count);
}

/** What has these words in its title, the last of them perhaps unfinished, of all that the caller may open. */
export const find = query({
  args: { text: v.string() },
  returns: v.array(entry),
  handler: async (ctx, { text }) => {
    const user = await requireUser(ctx);
    const words = text.trim().slice(0, TITLE_MAX_CHARS);
    if (words === "") return [];
    const found: Infer<typeof entry>[] = [];
    for (const workspaceId of await searchedWorkspaces(ctx, user._id)) {
      const rows = await ctx.db
        .query("resources")
        .withSearchIndex("by_title", (q) =>
          q.search("title", words).eq("workspaceId", workspaceId).eq("trashedAt", null),
        )
        .take(FOUND_IN_WORKSPACE_MAX);
      for (const row of rows) {
        if (found.length === FOUND_MAX) return found;
        const shown = await visibleEntry(ctx, user, row);
        if (shown !== null) found.push(shown);
      }
    }
    return found;
  },
});

/** The caller's workspaces, and those of others in which something was shared with them. */
async function searchedWorkspaces(ctx: QueryCtx, userId: Id<"users">): Promise<Id<"workspaces">[]> {
  const own = await ctx.db
    .query("workspaceMembers")
    .withIndex("by_user_and_workspace", (q) => q.eq("userId", userId))
    .collect();
  const given = await ctx.db
    .query("members")
    .withIndex("by_user_and_given", (q) => q.eq("userId", userId).eq("given", true))
    .order("desc")
    .take(FOREIGN_WORKSPACES_MAX);
  return [...new Set([...own, ...given].map(({ workspaceId }) => workspaceId))];
}

async function entriesOf(
  ctx: QueryCtx,
  user: Doc<"users">,
  pointers: { resourceId: Id<"resources"> }[],
): Promise<Infer<typeof entry>[]> {
  const entries = await Promise.all(
    pointers.map(async ({ resourceId }) => {
      const resource = await ctx.db.get(resourceId);
      return resource === null ? null : visibleEntry(ctx, user, resource);
    }),
  );
  return entries.filter((shown) => shown !== null);
}

/** `null` for what the caller may not open, or not now. */
async function visibleEntry(ctx: QueryCtx, { _id }: Doc<"users">, resource: Doc<"resources">) {
  const access = await accessToRow(ctx, _id, resource);
  return access.kind === "granted" ? asEntry(ctx, resource, access.role) : null;
}
