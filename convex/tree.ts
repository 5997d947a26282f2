/**
 * What there is, as the sidebar shows it, a page at a time and in order. Each list is one range of one index, and
 * nothing is read that its reader may not see:
 *
 *   workspace   what lies at the top and is given to the workspace; for its admins and members
 *   private     what lies at the top and the caller has by name
 *   inside      what lies in a document; whoever may open that may open these
 *   shared      what was given to the caller, by name or by link, and is in neither of the lists above
 */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v, type Infer } from "convex/values";
import type { Role } from "../protocol/roles";
import type { Doc, Id } from "./_generated/dataModel";
import { query, type QueryCtx } from "./_generated/server";
import {
  accessOf,
  isInWorkspace,
  requireAccess,
  requireUser,
  requireWorkspace,
  roleByName,
  strongest,
  type Access,
} from "./access";
import { mapPage, pageOf } from "./pages";
import { givenIn, neighbours, SHELVES } from "./placement";
import { asEntry, entryFor } from "./resources";
import { entry, resourceKind, role } from "./validators";

/** What was shared by name or by link; the newest, if there is more. */
const SHARED_MAX = 200;

export const workspace = query({
  args: { workspaceId: v.string(), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(entry),
  handler: async (ctx, { workspaceId, paginationOpts }) => {
    const { user, workspace } = await requireWorkspace(ctx, workspaceId, "member");
    const place = { workspaceId: workspace._id, parentId: null, shelf: "workspace" } as const;
    const page = await neighbours(ctx, place).paginate(pageOf(paginationOpts));
    const named = await rolesByNameAmong(ctx, user._id, page.page);
    return mapPage(page, async (resource) => {
      const role = strongest(named.get(resource._id) ?? null, resource.workspaceRole);
      return role === null ? null : asEntry(ctx, resource, role);
    });
  },
});

/** The roles that somebody has by name on neighbours in one list, which the rows in `members` follow in their order. */
async function rolesByNameAmong(
  ctx: QueryCtx,
  userId: Id<"users">,
  resources: readonly Doc<"resources">[],
): Promise<Map<Id<"resources">, Role>> {
  const [first, last] = [resources[0], resources.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const rows = await ctx.db
    .query("members")
    .withIndex("by_user_and_place", (q) =>
      q
        .eq("userId", userId)
        .eq("workspaceId", first.workspaceId)
        .eq("shelf", first.shelf)
        .gte("rank", first.rank)
        .lte("rank", last.rank),
    )
    .collect();
  return new Map(rows.map(({ resourceId, role }) => [resourceId, role]));
}

export const mine = query({
  args: { workspaceId: v.string(), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(entry),
  handler: async (ctx, { workspaceId, paginationOpts }) => {
    const { user, workspace } = await requireWorkspace(ctx, workspaceId, "member");
    const page = await ctx.db
      .query("members")
      .withIndex("by_user_and_place", (q) =>
        q.eq("userId", user._id).eq("workspaceId", workspace._id).eq("shelf", "private"),
      )
      .paginate(pageOf(paginationOpts));
    return mapPage(page, async ({ resourceId, role }) => {
      const resource = await ctx.db.get(resourceId);
      return resource === null ? null : asEntry(ctx, resource, role);
    });
  },
});

export const inside = query({
  args: { documentId: v.string(), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(entry),
  handler: async (ctx, { documentId, paginationOpts }) => {
    const { user, resource: document } = await requireAccess(ctx, "doc", documentId, "viewer");
    const { workspaceId, _id: parentId } = document;
    const place = { workspaceId, parentId, shelf: "nested" } as const;
    const page = await neighbours(ctx, place).paginate(pageOf(paginationOpts));
    const access = accessOf(ctx, user._id);
    return mapPage(page, async (resource) => entryFor(ctx, await access(resource)));
  },
});

export const shared = query({
  args: {},
  returns: v.array(entry),
  handler: async (ctx) => {
    const { _id: userId } = await requireUser(ctx);
    const linked = await ctx.db
      .query("linkGuests")
      .withIndex("by_user_and_resource", (q) => q.eq("userId", userId))
      .take(SHARED_MAX);
    const latest = [...(await givenElsewhere(ctx, userId)), ...linked]
      .sort((a, b) => b._creationTime - a._creationTime)
      .slice(0, SHARED_MAX);
    const access = accessOf(ctx, userId);
    const entries: Infer<typeof entry>[] = [];
    for (const resourceId of new Set(latest.map((row) => row.resourceId))) {
      const resource = await ctx.db.get(resourceId);
      const found = resource === null ? null : await access(resource);
      if (found?.kind !== "granted" || (await isListedElsewhere(ctx, userId, found))) continue;
      entries.push(await asEntry(ctx, found.resource, found.role));
    }
    return entries;
  },
});

/**
 * What others gave to somebody by name, workspace by workspace. What lies at the top of a workspace that they are in is
 * in its own lists.
 */
async function givenElsewhere(ctx: QueryCtx, userId: Id<"users">): Promise<Doc<"members">[]> {
  const rows: Doc<"members">[] = [];
  for (const workspaceId of await givenIn(ctx, userId)) {
    const inside = await isInWorkspace(ctx, userId, workspaceId);
    for (const shelf of inside ? (["nested"] as const) : SHELVES) {
      const given = await ctx.db
        .query("members")
        .withIndex("by_user_and_given", (q) =>
          q.eq("userId", userId).eq("given", true).eq("workspaceId", workspaceId).eq("shelf", shelf),
        )
        .order("desc")
        .take(SHARED_MAX);
      rows.push(...given);
    }
  }
  return rows;
}

/** Whether another list shows it: its workspace's, the caller's own in there, or that of a document around it. */
async function isListedElsewhere(
  ctx: QueryCtx,
  userId: Id<"users">,
  { resource, path, roles }: Extract<Access, { kind: "granted" }>,
): Promise<boolean> {
  if (path.length > 1) return roles[1] !== null;
  if (!(await isInWorkspace(ctx, userId, resource.workspaceId))) return false;
  return resource.shelf === "workspace" || (await roleByName(ctx, userId, resource._id)) !== null;
}

/** From the top down to a document or diagram, as far as the caller may see: to show where it is. */
export const path = query({
  args: { kind: resourceKind, resourceId: v.string() },
  returns: v.array(
    v.object({
      kind: resourceKind,
      resourceId: v.id("resources"),
      title: v.string(),
      icon: v.union(v.string(), v.null()),
      workspaceId: v.id("workspaces"),
      /** The caller's. */
      role,
    }),
  ),
  handler: async (ctx, { kind, resourceId }) => {
    const { path: upwards, roles } = await requireAccess(ctx, kind, resourceId, "viewer");
    const visible = [];
    for (const [above, { kind, _id: resourceId, title, icon, workspaceId }] of upwards.entries()) {
      const role = roles[above] ?? null;
      if (role === null) break;
      visible.unshift({ kind, resourceId, title, icon, workspaceId, role });
    }
    return visible;
  },
});
