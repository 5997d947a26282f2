/**
 * What there is, as the sidebar shows it, a page at a time and in order. Each list is one range of one index, and
 * nothing is read that its reader may not see:
 *
 *   workspace   what lies at the top and is given to the workspace; for its admins and members
 *   private     what lies at the top and the caller has by name
 *   inside      what lies in a document; whoever may open that may open these
 *   shared      what was given to the caller, by name or by link, and is in neither of the lists above
 */
import { paginationOptsValidator, paginationResultValidator, type PaginationResult } from "convex/server";
import { v, type Infer } from "convex/values";
import type { Doc, Id } from "./_generated/dataModel";
import { query, type QueryCtx } from "./_generated/server";
import {
  accessToRow,
  isInWorkspace,
  requireAccess,
  requireUser,
  requireWorkspace,
  roleByName,
  strongest,
} from "./access";
import { neighbours } from "./placement";
import { asEntry } from "./resources";
import { entry, resourceKind } from "./validators";

/** What was shared by name or by link; the newest, if there is more. */
const SHARED_MAX = 200;

export const workspace = query({
  args: { workspaceId: v.string(), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(entry),
  handler: async (ctx, { workspaceId, paginationOpts }) => {
    const { user, workspace } = await requireWorkspace(ctx, workspaceId, "member");
    const place = { workspaceId: workspace._id, parentId: null, shelf: "workspace" } as const;
    const page = await neighbours(ctx, place).paginate(paginationOpts);
    return mapPage(page, async (resource) => {
      const role = strongest(await roleByName(ctx, user._id, resource._id), resource.workspaceRole);
      return role === null ? null : asEntry(ctx, resource, role);
    });
  },
});

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
      .paginate(paginationOpts);
    return mapPage(page, async ({ resourceId, role }) => {
      const resource = await ctx.db.get(resourceId);
      return resource === null || resource.trashedAt !== null ? null : asEntry(ctx, resource, role);
    });
  },
});

export const inside = query({
  args: { documentId: v.string(), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(entry),
  handler: async (ctx, { documentId, paginationOpts }) => {
    const {
      user,
      resource: document,
      role: inherited,
    } = await requireAccess(ctx, "doc", documentId, "viewer");
    const { workspaceId, _id: parentId } = document;
    const page = await neighbours(ctx, { workspaceId, parentId, shelf: "nested" }).paginate(paginationOpts);
    return mapPage(page, async (resource) => {
      const access = await accessToRow(ctx, user._id, resource);
      return asEntry(ctx, resource, access.kind === "granted" ? access.role : inherited);
    });
  },
});

export const shared = query({
  args: {},
  returns: v.array(entry),
  handler: async (ctx) => {
    const { _id: userId } = await requireUser(ctx);
    const named = await ctx.db
      .query("members")
      .withIndex("by_user_and_given", (q) => q.eq("userId", userId).eq("given", true))
      .order("desc")
      .take(SHARED_MAX);
    const linked = await ctx.db
      .query("linkGuests")
      .withIndex("by_user_and_resource", (q) => q.eq("userId", userId))
      .take(SHARED_MAX);
    const entries: Infer<typeof entry>[] = [];
    for (const resourceId of new Set([...named, ...linked].map((row) => row.resourceId))) {
      const resource = await ctx.db.get(resourceId);
      const access = resource === null ? null : await accessToRow(ctx, userId, resource);
      if (access?.kind !== "granted" || (await isListedElsewhere(ctx, userId, access.path))) continue;
      entries.push(await asEntry(ctx, access.resource, access.role));
    }
    return entries;
  },
});

/** Whether another list shows it: its workspace's, the caller's own in there, or that of a document around it. */
async function isListedElsewhere(
  ctx: QueryCtx,
  userId: Id<"users">,
  [resource, parent]: Doc<"resources">[],
): Promise<boolean> {
  if (resource === undefined) throw new Error("a path has at least one end");
  if (parent !== undefined) return (await accessToRow(ctx, userId, parent)).kind === "granted";
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
    }),
  ),
  handler: async (ctx, { kind, resourceId }) => {
    const { user, path: upwards } = await requireAccess(ctx, kind, resourceId, "viewer");
    const visible = [];
    for (const node of upwards) {
      if ((await accessToRow(ctx, user._id, node)).kind !== "granted") break;
      visible.unshift({ kind: node.kind, resourceId: node._id, title: node.title, icon: node.icon });
    }
    return visible;
  },
});

async function mapPage<Row, Shown>(
  page: PaginationResult<Row>,
  show: (row: Row) => Promise<Shown | null>,
): Promise<PaginationResult<Shown>> {
  const shown = await Promise.all(page.page.map(show));
  return { ...page, page: shown.filter((row) => row !== null) };
}
