/**
 * Where things stand. The shelf is the list that shows something, the rank its place in there; both follow from
 * where it lies and whom it is shared with. The rows in `members` have copies of them, so that what somebody has by
 * name is read in order: whatever changes a place goes through this file.
 */
import type { Role } from "../protocol/roles";
import type { Doc, Id } from "./_generated/dataModel";
import type { MutationCtx, QueryCtx } from "./_generated/server";
import { rankBetween } from "./rank";

export interface Place {
  workspaceId: Id<"workspaces">;
  parentId: Id<"resources"> | null;
  shelf: Doc<"resources">["shelf"];
}

export function placeFor(
  workspaceId: Id<"workspaces">,
  parentId: Id<"resources"> | null,
  workspaceRole: Role | null,
): Place {
  const atTop = workspaceRole === null ? "private" : "workspace";
  return { workspaceId, parentId, shelf: parentId === null ? atTop : "nested" };
}

/** The neighbours in one list, in order, as an index range; what is in the trash is not among them. */
export function neighbours(ctx: QueryCtx, { workspaceId, parentId, shelf }: Place) {
  return ctx.db
    .query("resources")
    .withIndex("by_place", (q) =>
      q.eq("workspaceId", workspaceId).eq("parentId", parentId).eq("shelf", shelf).eq("trashedAt", null),
    );
}

/** A rank ahead of everything in a list. */
export async function rankAtTop(ctx: QueryCtx, place: Place): Promise<string> {
  const first = await neighbours(ctx, place).first();
  return rankBetween(null, first?.rank ?? null);
}

/** A rank directly before `next`, which is in the list; or behind everything in it. */
export async function rankBefore(
  ctx: QueryCtx,
  place: Place,
  next: Doc<"resources"> | null,
): Promise<string> {
  const { workspaceId, parentId, shelf } = place;
  if (next === null) {
    const last = await neighbours(ctx, place).order("desc").first();
    return rankBetween(last?.rank ?? null, null);
  }
  const previous = await ctx.db
    .query("resources")
    .withIndex("by_place", (q) =>
      q
        .eq("workspaceId", workspaceId)
        .eq("parentId", parentId)
        .eq("shelf", shelf)
        .eq("trashedAt", null)
        .lt("rank", next.rank),
    )
    .order("desc")
    .first();
  return rankBetween(previous?.rank ?? null, next.rank);
}

/** Puts something that exists where `place` and `rank` say. */
export async function putAt(
  ctx: MutationCtx,
  resourceId: Id<"resources">,
  { parentId, shelf }: Place,
  rank: string,
): Promise<void> {
  await ctx.db.patch(resourceId, { parentId, shelf, rank });
  const members = await membersOf(ctx, resourceId);
  for (const { _id } of members) await ctx.db.patch(_id, { shelf, rank });
}

/** Everybody who has a role on this by name, in the order in which they were added. */
export function membersOf(ctx: QueryCtx, resourceId: Id<"resources">): Promise<Doc<"members">[]> {
  return ctx.db
    .query("members")
    .withIndex("by_resource", (q) => q.eq("resourceId", resourceId))
    .collect();
}

/** Gives somebody who has none a role by name. `given`: by somebody else. */
export async function addMemberRow(
  ctx: MutationCtx,
  { _id: resourceId, workspaceId, shelf, rank }: Doc<"resources">,
  userId: Id<"users">,
  role: Role,
  given: boolean,
): Promise<void> {
  await ctx.db.insert("members", { resourceId, userId, role, given, workspaceId, shelf, rank });
}
