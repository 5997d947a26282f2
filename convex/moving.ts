/**
 * Moving things in the tree: among their neighbours, into a document, out of one, between a workspace's two lists, and
 * into another workspace. What lies in a document goes along.
 */
import { v, type Infer } from "convex/values";
import { MOVED_TO_WORKSPACE_MAX, TREE_MAX_DEPTH } from "../protocol/limits";
import type { Doc, Id } from "./_generated/dataModel";
import { mutation, type MutationCtx, type QueryCtx } from "./_generated/server";
import { accessToRow, isInWorkspace, requireAccess, requireWorkspace } from "./access";
import { refusal } from "./errors";
import {
  addMemberRow,
  change,
  membersOf,
  neighbourAfter,
  placeFor,
  rankBefore,
  type Place,
} from "./placement";
import { requireDepth } from "./resources";
import { fileTrashed, refileTrash } from "./trash_lists";
import { openRole, resourceKind } from "./validators";
import { roleForWorkspace } from "./workspaces";

const destination = v.union(
  v.object({
    kind: v.literal("inside"),
    documentId: v.string(),
    /** What it gives to everybody in the workspace beside what the document does; by default nothing. */
    role: v.optional(openRole),
  }),
  /** The top of a workspace, by default its own: among what everybody there sees, or among what people have by name. */
  v.object({
    kind: v.literal("top"),
    workspaceId: v.optional(v.string()),
    shelf: v.union(v.literal("workspace"), v.literal("private")),
    /** What it gives to everybody there; by default what it gave before, or what something new gives. */
    role: v.optional(openRole),
  }),
);

const order = { to: destination, beforeId: v.union(v.string(), v.null()) };

/**
 * Puts something directly before `beforeId`, or behind everything. To another place among the same neighbours it
 * needs the role editor. Anywhere else may change who has access, and needs the role owner, and editor in the document
 * that it goes into or member in the workspace. In another workspace, what lies in it gives nothing of its own to
 * everybody there. Returns where it was, as this takes it. Throws `invalid` for a document that would lie in itself.
 */
export const move = mutation({
  args: { kind: resourceKind, resourceId: v.string(), ...order },
  returns: v.object(order),
  handler: async (ctx, { kind, resourceId, to, beforeId }) => {
    const { user, resource, standing, path } = await requireAccess(ctx, kind, resourceId, "editor", {
      withoutLink: true,
    });
    const before = await whereItIs(ctx, resource);
    const { place, depth } = await placeOf(ctx, resource, to);
    const leaves = place.workspaceId !== resource.workspaceId;
    const stays = !leaves && place.parentId === resource.parentId && place.shelf === resource.shelf;
    if (!stays && standing !== "owner")
      throw refusal("forbidden", "Moving this elsewhere needs the role owner.");
    // Where it does not lie deeper than before, it fits.
    if (depth > path.length) requireDepth(depth - 1 + (await heightOf(ctx, resource)));
    const below = leaves ? await everythingIn(ctx, resource) : [];
    const next = await neighbourNamed(ctx, place, beforeId);
    if (next?._id === resource._id) return before;
    const workspaceRole = stays ? resource.workspaceRole : await roleThere(ctx, resource, place, to);
    const rank = await rankBefore(ctx, place, next);
    await change(ctx, resource._id, { ...place, rank, workspaceRole });
    if (!stays && place.parentId === null) await leaveAnOwner(ctx, resource._id, user._id);
    if (!stays) await keepListed(ctx, resource._id);
    for (const inner of below) await takeAlong(ctx, inner, place.workspaceId);
    if (!stays && !leaves) await refileTrash(ctx, place.workspaceId);
    return before;
  },
});

async function whereItIs(
  ctx: QueryCtx,
  resource: Doc<"resources">,
): Promise<{ to: Infer<typeof destination>; beforeId: string | null }> {
  const { parentId, workspaceId, shelf, workspaceRole } = resource;
  const beforeId = (await neighbourAfter(ctx, resource))?._id ?? null;
  const given = workspaceRole === null || workspaceRole === "owner" ? {} : { role: workspaceRole };
  if (parentId !== null) return { to: { kind: "inside", documentId: parentId, ...given }, beforeId };
  if (shelf !== "workspace") return { to: { kind: "top", workspaceId, shelf: "private" }, beforeId };
  return { to: { kind: "top", workspaceId, shelf, ...given }, beforeId };
}

/** `depth`: how many lie on the way from the top to there, the moved one included. */
async function placeOf(
  ctx: QueryCtx,
  resource: Doc<"resources">,
  to: Infer<typeof destination>,
): Promise<{ place: Place; depth: number }> {
  if (to.kind === "top") {
    // Somebody from outside of the workspace, or a guest, would put things where they cannot see them.
    const { workspace } = await requireWorkspace(ctx, to.workspaceId ?? resource.workspaceId, "member");
    return { place: { workspaceId: workspace._id, parentId: null, shelf: to.shelf }, depth: 1 };
  }
  const target = await requireAccess(ctx, "doc", to.documentId, "editor", { withoutLink: true });
  if (target.path.some(({ _id }) => _id === resource._id)) {
    throw refusal("invalid", "A document cannot lie in itself.");
  }
  const { workspaceId, _id } = target.resource;
  return { place: placeFor(workspaceId, _id, null), depth: target.path.length + 1 };
}

/** How many levels there are from here down, this one included. */
async function heightOf(ctx: QueryCtx, top: Doc<"resources">): Promise<number> {
  let height = 1;
  for (let level = [top._id]; level.length > 0 && height <= TREE_MAX_DEPTH; height++) {
    const documents = await Promise.all(level.map((id) => childrenOf(ctx, id, "doc").collect()));
    const next = documents.flat().map(({ _id }) => _id);
    if (next.length === 0) {
      const drawings = await Promise.all(level.map((id) => childrenOf(ctx, id, "diagram").first()));
      return drawings.some((found) => found !== null) ? height + 1 : height;
    }
    level = next;
  }
  return height;
}

function childrenOf(ctx: QueryCtx, parentId: Id<"resources">, kind?: Doc<"resources">["kind"]) {
  return ctx.db.query("resources").withIndex("by_parent", (q) => {
    const inside = q.eq("parentId", parentId);
    return kind === undefined ? inside : inside.eq("kind", kind);
  });
}

/** From the top down, what is in the trash too. Throws \`limit\` if that is more than one transaction moves. */
async function everythingIn(ctx: QueryCtx, top: Doc<"resources">): Promise<Doc<"resources">[]> {
  const found: Doc<"resources">[] = [];
  for (let level = [top]; level.length > 0;) {
    const left = MOVED_TO_WORKSPACE_MAX + 1 - found.length;
    const below: Doc<"resources">[] = [];
    for (const { _id } of level) below.push(...(await childrenOf(ctx, _id).take(left - below.length)));
    found.push(...below);
    if (found.length > MOVED_TO_WORKSPACE_MAX) {
      throw refusal("limit", `At most ${MOVED_TO_WORKSPACE_MAX} go along to another workspace.`);
    }
    level = below.filter(({ kind }) => kind === "doc");
  }
  return found;
}

async function takeAlong(
  ctx: MutationCtx,
  { _id, trashedAt }: Doc<"resources">,
  workspaceId: Id<"workspaces">,
): Promise<void> {
  await change(ctx, _id, { workspaceId, workspaceRole: null });
  await keepListed(ctx, _id);
  if (trashedAt !== null) await fileTrashed(ctx, _id);
}

/**
 * What it gives to its workspace there: something, if the workspace's list shows it, and nothing in the private one. In
 * a document it has its access from that, so that nobody is let in where the list shows it among what is private.
 */
async function roleThere(
  ctx: QueryCtx,
  resource: Doc<"resources">,
  { workspaceId, shelf }: Place,
  { role = null }: { role?: Infer<typeof openRole> | null },
): Promise<Doc<"resources">["workspaceRole"]> {
  if (shelf === "private" || (shelf === "nested" && role === null)) return null;
  const workspace = await ctx.db.get(workspaceId);
  if (workspace === null) throw new Error("a place without a workspace");
  const usual = roleForWorkspace(workspace);
  if (usual === null) {
    throw refusal("invalid", "A personal workspace has nobody else in it to share with.");
  }
  if (role !== null) return role;
  return workspaceId === resource.workspaceId ? (resource.workspaceRole ?? usual) : usual;
}

/** What is at the top has an owner by name: whoever moves it there, if nobody else is. */
async function leaveAnOwner(
  ctx: MutationCtx,
  resourceId: Id<"resources">,
  userId: Id<"users">,
): Promise<void> {
  const members = await membersOf(ctx, resourceId);
  if (members.some(({ role }) => role === "owner")) return;
  const own = members.find((member) => member.userId === userId);
  const resource = await ctx.db.get(resourceId);
  if (own !== undefined) await ctx.db.patch(own._id, { role: "owner" });
  else if (resource !== null) await addMemberRow(ctx, resource, userId, "owner", false);
}

/** For those who have it by name and whom no list of the workspace shows it to there, it is shared with them. */
async function keepListed(ctx: MutationCtx, resourceId: Id<"resources">): Promise<void> {
  const resource = await ctx.db.get(resourceId);
  if (resource === null) return;
  const document = resource.parentId === null ? null : await ctx.db.get(resource.parentId);
  for (const { _id, userId, given } of await membersOf(ctx, resourceId)) {
    if (given) continue;
    const listed =
      document === null
        ? await isInWorkspace(ctx, userId, resource.workspaceId)
        : (await accessToRow(ctx, userId, document)).kind !== "denied";
    if (!listed) await ctx.db.patch(_id, { given: true });
  }
}

/** The neighbour to go before; \`null\` if none was named, or it has gone from there meanwhile. */
async function neighbourNamed(
  ctx: QueryCtx,
  { workspaceId, parentId, shelf }: Place,
  beforeId: string | null,
): Promise<Doc<"resources"> | null> {
  const id = beforeId === null ? null : ctx.db.normalizeId("resources", beforeId);
  const next = id === null ? null : await ctx.db.get(id);
  if (next === null || next.trashedAt !== null) return null;
  const isThere = next.workspaceId === workspaceId && next.parentId === parentId && next.shelf === shelf;
  return isThere ? next : null;
}
