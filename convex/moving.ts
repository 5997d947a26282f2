/** Moving things in the tree: among their neighbours, into a document, out of one, between a workspace's two lists. */
import { v } from "convex/values";
import type { Doc, Id } from "./_generated/dataModel";
import { mutation, type MutationCtx, type QueryCtx } from "./_generated/server";
import { requireAccess, requireWorkspace, type Access } from "./access";
import { refusal } from "./errors";
import { addMemberRow, membersOf, placeFor, putAt, rankBefore, type Place } from "./placement";
import { requireDepth } from "./resources";
import { resourceKind } from "./validators";
import { roleForWorkspace } from "./workspaces";

const destination = v.union(
  v.object({ kind: v.literal("inside"), documentId: v.string() }),
  /** The top of its workspace: among what everybody there sees, or among what people have by name. */
  v.object({ kind: v.literal("top"), shelf: v.union(v.literal("workspace"), v.literal("private")) }),
);

/**
 * Puts something directly before `beforeId`, or behind everything. To another place among the same neighbours it
 * needs the role editor. Anywhere else may change who has access, and needs the role owner, and editor in the
 * document that it goes into. Throws `invalid` for a document that would lie in itself, and for another workspace.
 */
export const move = mutation({
  args: {
    kind: resourceKind,
    resourceId: v.string(),
    to: destination,
    beforeId: v.union(v.string(), v.null()),
  },
  returns: v.null(),
  handler: async (ctx, { kind, resourceId, to, beforeId }) => {
    const { user, resource, standing } = await requireAccess(ctx, kind, resourceId, "editor", {
      withoutLink: true,
    });
    const place = await placeOf(ctx, resource, to);
    const stays = place.parentId === resource.parentId && place.shelf === resource.shelf;
    if (!stays) {
      if (standing !== "owner") throw refusal("forbidden", "Moving this elsewhere needs the role owner.");
      await fitAccess(ctx, resource, place, user._id);
    }
    const next = await neighbourNamed(ctx, place, resource, beforeId);
    if (next?._id === resource._id) return null;
    await putAt(ctx, resource._id, place, await rankBefore(ctx, place, next));
    return null;
  },
});

async function placeOf(
  ctx: MutationCtx,
  resource: Doc<"resources">,
  to: typeof destination.type,
): Promise<Place> {
  if (to.kind === "top") {
    // Somebody from outside of the workspace, or a guest, would put things where they cannot see them.
    await requireWorkspace(ctx, resource.workspaceId, "member");
    return { workspaceId: resource.workspaceId, parentId: null, shelf: to.shelf };
  }
  const target = await requireAccess(ctx, "doc", to.documentId, "editor", { withoutLink: true });
  requireOutside(resource, target);
  requireDepth(target.path.length + (await heightOf(ctx, resource)));
  return placeFor(resource.workspaceId, target.resource._id, resource.workspaceRole);
}

function requireOutside(
  resource: Doc<"resources">,
  target: Pick<Extract<Access, { kind: "granted" }>, "resource" | "path">,
): void {
  if (target.resource.workspaceId !== resource.workspaceId) {
    throw refusal("invalid", "This document is in another workspace.");
  }
  if (target.path.some(({ _id }) => _id === resource._id)) {
    throw refusal("invalid", "A document cannot lie in itself.");
  }
}

/** How many levels there are from here down, this one included. */
async function heightOf(ctx: QueryCtx, top: Doc<"resources">): Promise<number> {
  let height = 0;
  for (let level = [top]; level.length > 0; height++) {
    const below = await Promise.all(
      level
        .filter(({ kind }) => kind === "doc")
        .map(({ _id }) =>
          ctx.db
            .query("resources")
            .withIndex("by_parent", (q) => q.eq("parentId", _id))
            .collect(),
        ),
    );
    level = below.flat();
  }
  return height;
}

/** What is at the top has an owner by name, and is given to the workspace if the workspace's list shows it. */
async function fitAccess(
  ctx: MutationCtx,
  resource: Doc<"resources">,
  { parentId, shelf }: Place,
  userId: Id<"users">,
): Promise<void> {
  if (parentId !== null) return;
  const workspace = await ctx.db.get(resource.workspaceId);
  if (workspace === null) throw new Error("a resource without a workspace");
  const workspaceRole = shelf === "private" ? null : (resource.workspaceRole ?? roleForWorkspace(workspace));
  if (shelf === "workspace" && workspaceRole === null) {
    throw refusal("invalid", "A personal workspace has nobody else in it to share with.");
  }
  await ctx.db.patch(resource._id, { workspaceRole });
  const members = await membersOf(ctx, resource._id);
  if (members.some(({ role }) => role === "owner")) return;
  const own = members.find((member) => member.userId === userId);
  if (own !== undefined) await ctx.db.patch(own._id, { role: "owner" });
  else await addMemberRow(ctx, resource, userId, "owner", false);
}

/** The neighbour to go before; `null` if none was named, or it has gone from there meanwhile. */
async function neighbourNamed(
  ctx: QueryCtx,
  { workspaceId, parentId, shelf }: Place,
  resource: Doc<"resources">,
  beforeId: string | null,
): Promise<Doc<"resources"> | null> {
  const id = beforeId === null ? null : ctx.db.normalizeId("resources", beforeId);
  if (id === resource._id) return resource;
  const next = id === null ? null : await ctx.db.get(id);
  if (next === null || next.trashedAt !== null) return null;
  const isThere = next.workspaceId === workspaceId && next.parentId === parentId && next.shelf === shelf;
  return isThere ? next : null;
}
