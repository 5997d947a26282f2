/** What documents and diagrams have in common: making, showing and naming them. `kind` says which of the two. */
import { v, type Infer } from "convex/values";
import { ICON_MAX_CHARS, TREE_MAX_DEPTH } from "../protocol/limits";
import type { Role } from "../protocol/roles";
import { roomIdFor, type ResourceKind } from "../protocol/rooms";
import type { Doc, Id } from "./_generated/dataModel";
import { mutation, query, type MutationCtx, type QueryCtx } from "./_generated/server";
import { requireAccess, type Access } from "./access";
import { refusal } from "./errors";
import { addMemberRow, change, placeFor, rankAtTop, type Place } from "./placement";
import { lastChangeOf } from "./snapshots";
import { parseTitle } from "./text";
import { resourceKind, type entry } from "./validators";
import { roleForWorkspace, workspaceForNew } from "./workspaces";

interface NewResource {
  kind: ResourceKind;
  title: string;
  /** The workspace or the document that it goes into; neither: the caller's personal workspace. */
  workspaceId?: string | undefined;
  parentId?: string | undefined;
  /** What it gives to everybody in that workspace; by default what something new gives. */
  workspaceRole?: Role | null | undefined;
}

/**
 * Makes something empty, first among its neighbours: in a document (which needs the role editor there, and from
 * which it has its access), or by itself in a workspace, owned by the caller.
 */
export async function create(ctx: MutationCtx, { kind, title, workspaceRole, ...where }: NewResource) {
  if (where.parentId === undefined) {
    const { user, workspace } = await workspaceForNew(ctx, where.workspaceId);
    return createAtTop(ctx, { kind, title }, workspace, user, workspaceRole);
  }
  if (where.workspaceId !== undefined) {
    throw refusal("invalid", "What is in a document is in the document's workspace: name one of the two.");
  }
  const { resource, path } = await requireAccess(ctx, "doc", where.parentId, "editor", { withoutLink: true });
  requireDepth(path.length + 1);
  return insert(ctx, { kind, title }, placeFor(resource.workspaceId, resource._id, null), null);
}

export async function createAtTop(
  ctx: MutationCtx,
  what: { kind: ResourceKind; title: string },
  workspace: Doc<"workspaces">,
  owner: Doc<"users">,
  workspaceRole: Role | null = roleForWorkspace(workspace),
): Promise<Id<"resources">> {
  const resourceId = await insert(ctx, what, placeFor(workspace._id, null, workspaceRole), workspaceRole);
  const resource = await ctx.db.get(resourceId);
  if (resource === null) throw new Error("just inserted");
  await addMemberRow(ctx, resource, owner._id, "owner", false);
  return resourceId;
}

async function insert(
  ctx: MutationCtx,
  { kind, title }: { kind: ResourceKind; title: string },
  place: Place,
  workspaceRole: Role | null,
): Promise<Id<"resources">> {
  return ctx.db.insert("resources", {
    kind,
    title: parseTitle(title),
    icon: null,
    workspaceRole,
    ...place,
    rank: await rankAtTop(ctx, place),
    trashedAt: null,
  });
}

/** `depth`: how many lie on the way from the top to here, this one included. */
export function requireDepth(depth: number): void {
  if (depth > TREE_MAX_DEPTH) throw refusal("limit", `Documents lie at most ${TREE_MAX_DEPTH} deep.`);
}

/** Needs the role viewer. */
export async function get(ctx: QueryCtx, kind: ResourceKind, id: string) {
  const { resource, role } = await requireAccess(ctx, kind, id, "viewer");
  return { resourceId: resource._id, ...summarize(resource, role) };
}

/** When its content last changed, in milliseconds since 1970; `null` if it is as it was made. Needs the role viewer. */
export const changedAt = query({
  args: { kind: resourceKind, resourceId: v.string() },
  returns: v.union(v.number(), v.null()),
  handler: async (ctx, { kind, resourceId }) => {
    const { resource } = await requireAccess(ctx, kind, resourceId, "viewer");
    return lastChangeOf(ctx, roomIdFor(kind, resource._id));
  },
});

export function summarize(
  { title, icon, workspaceId, parentId, _creationTime }: Doc<"resources">,
  role: Role,
) {
  return { title, icon, workspaceId, parentId, role, createdAt: _creationTime };
}

/** As a list shows it. */
export async function asEntry(
  ctx: QueryCtx,
  resource: Doc<"resources">,
  role: Role,
): Promise<Infer<typeof entry>> {
  const { _id: resourceId, kind } = resource;
  return { kind, resourceId, ...summarize(resource, role), hasChildren: await hasChildren(ctx, resource) };
}

/** As a list shows it to somebody with this access; `null` if it does not. */
export async function entryFor(ctx: QueryCtx, access: Access): Promise<Infer<typeof entry> | null> {
  return access.kind === "granted" ? asEntry(ctx, access.resource, access.role) : null;
}

async function hasChildren(ctx: QueryCtx, { _id, kind, workspaceId }: Doc<"resources">): Promise<boolean> {
  if (kind !== "doc") return false;
  const first = await ctx.db
    .query("resources")
    .withIndex("by_place", (q) =>
      q.eq("workspaceId", workspaceId).eq("parentId", _id).eq("shelf", "nested").eq("trashedAt", null),
    )
    .first();
  return first !== null;
}

/** Needs the role editor. */
export async function rename(ctx: MutationCtx, kind: ResourceKind, resourceId: string, title: string) {
  const { resource } = await requireAccess(ctx, kind, resourceId, "editor");
  await change(ctx, resource._id, { title: parseTitle(title) });
  return null;
}

/** Gives a document or diagram an emoji for an icon, or its kind's own (`null`). Needs the role editor. */
export const setIcon = mutation({
  args: { kind: resourceKind, resourceId: v.string(), icon: v.union(v.string(), v.null()) },
  returns: v.null(),
  handler: async (ctx, { kind, resourceId, icon }) => {
    const { resource } = await requireAccess(ctx, kind, resourceId, "editor");
    await ctx.db.patch(resource._id, { icon: icon === null ? null : parseIcon(icon) });
    return null;
  },
});

/** One emoji and nothing else: what stands in its place in a list must not be able to pose as words. */
function parseIcon(icon: string): string {
  const graphemes = [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(icon)];
  if (
    icon.length > ICON_MAX_CHARS ||
    graphemes.length !== 1 ||
    !/\p{Extended_Pictographic}|\p{RI}/u.test(icon)
  ) {
    throw refusal("invalid", "An icon is one emoji.");
  }
  return icon;
}
