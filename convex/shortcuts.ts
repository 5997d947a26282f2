/** A person's own ways to things: favourites, what they opened lately, and finding by title. */
import { v, type Infer } from "convex/values";
import { FAVOURITES_MAX, FOUND_MAX, RECENTS_MAX, TITLE_MAX_CHARS } from "../protocol/limits";
import { roomIdFor } from "../protocol/rooms";
import type { Doc, Id } from "./_generated/dataModel";
import { mutation, query, type QueryCtx } from "./_generated/server";
import { accessOf, requireAccess, requireUser } from "./access";
import { refusal } from "./errors";
import { givenIn, SHELVES } from "./placement";
import { entryFor } from "./resources";
import { lastChangeOf } from "./snapshots";
import { entry, resourceKind } from "./validators";
import { membershipsOf } from "./workspaces";

/** What lies in documents is looked at until so many, whether or not the caller may see it. */
const NESTED_LOOKS_MAX = 60;
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

/** What the caller opened lately, the latest first, and when it was last changed by anybody. */
export const recents = query({
  args: {},
  returns: v.array(v.object({ ...entry.fields, changedAt: v.union(v.number(), v.null()) })),
  handler: async (ctx) => {
    const user = await requireUser(ctx);
    const entries = await entriesOf(ctx, user, await recentVisits(ctx, user._id, RECENTS_MAX));
    return Promise.all(
      entries.map(async (shown) => {
        const changedAt = await lastChangeOf(ctx, roomIdFor(shown.kind, shown.resourceId));
        return { ...shown, changedAt };
      }),
    );
  },
});

function recentVisits(ctx: QueryCtx, userId: Id<"users">, count: number): Promise<Doc<"visits">[]> {
  return ctx.db
    .query("visits")
    .withIndex("by_user_and_time", (q) => q.eq("userId", userId))
    .order("desc")
    .take(count);
}

/**
 * What has these words in its title, the last of them perhaps unfinished: of what the caller has by name, what the
 * lists of their workspaces show, and what lies in documents.
 */
export const find = query({
  args: { text: v.string() },
  returns: v.array(entry),
  handler: async (ctx, { text }) => {
    const { _id: userId } = await requireUser(ctx);
    const words = text.trim().slice(0, TITLE_MAX_CHARS);
    if (words === "") return [];
    const access = accessOf(ctx, userId);
    const found = new Map<Id<"resources">, Infer<typeof entry>>();
    for await (const resource of candidates(ctx, userId, words)) {
      const shown = found.has(resource._id) ? null : await entryFor(ctx, await access(resource));
      if (shown !== null) found.set(resource._id, shown);
      if (found.size === FOUND_MAX) break;
    }
    return [...found.values()];
  },
});

async function* candidates(
  ctx: QueryCtx,
  userId: Id<"users">,
  words: string,
): AsyncGenerator<Doc<"resources">> {
  for (const shelf of SHELVES) {
    const named = ctx.db
      .query("members")
      .withSearchIndex("by_title", (q) => q.search("title", words).eq("userId", userId).eq("shelf", shelf));
    for await (const { resourceId } of named) {
      const resource = await ctx.db.get(resourceId);
      if (resource !== null) yield resource;
    }
  }
  const memberships = await membershipsOf(ctx, userId);
  const titled = (workspaceId: Id<"workspaces">, shelf: Doc<"resources">["shelf"]) =>
    ctx.db
      .query("resources")
      .withSearchIndex("by_title", (q) =>
        q.search("title", words).eq("workspaceId", workspaceId).eq("shelf", shelf).eq("trashedAt", null),
      );
  for (const { workspaceId, role } of memberships) {
    if (role !== "guest") yield* titled(workspaceId, "workspace");
  }
  const around = new Set([
    ...memberships.map(({ workspaceId }) => workspaceId),
    ...(await givenIn(ctx, userId)).slice(0, FOREIGN_WORKSPACES_MAX),
  ]);
  // Whether somebody may open these depends on the documents around them, which no index knows.
  let looks = NESTED_LOOKS_MAX;
  for (const workspaceId of around) {
    for await (const resource of titled(workspaceId, "nested")) {
      if (looks-- === 0) return;
      yield resource;
    }
  }
}

async function entriesOf(
  ctx: QueryCtx,
  user: Doc<"users">,
  pointers: { resourceId: Id<"resources"> }[],
): Promise<Infer<typeof entry>[]> {
  const access = accessOf(ctx, user._id);
  const entries = await Promise.all(
    pointers.map(async ({ resourceId }) => {
      const resource = await ctx.db.get(resourceId);
      return resource === null ? null : entryFor(ctx, await access(resource));
    }),
  );
  return entries.filter((shown) => shown !== null);
}
