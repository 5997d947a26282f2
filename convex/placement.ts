/**
 * Where things stand. The shelf is the list that shows something, the rank its place in there; both follow from
 * where it lies and whom it is shared with. The rows in `members` have copies of them and of the title, so that what
 * somebody has by name is read in order and found: whatever changes one of these goes through `change`.
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

/** All of them, without the trash. */
export const SHELVES = ["workspace", "private", "nested"] as const satisfies Doc<"resources">["shelf"][];

/** Workspaces of others that are looked into for what somebody was given there. */
const GIVEN_WORKSPACES_MAX = 100;

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

/** The neighbour behind this one; `null` if it is the last. */
export function neighbourAfter(
  ctx: QueryCtx,
  { workspaceId, parentId, shelf, rank }: Doc<"resources">,
): Promise<Doc<"resources"> | null> {
  return ctx.db
    .query("resources")
    .withIndex("by_place", (q) =>
      q
        .eq("workspaceId", workspaceId)
        .eq("parentId", parentId)
        .eq("shelf", shelf)
        .eq("trashedAt", null)
        .gt("rank", rank),
    )
    .first();
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

/** Changes something that exists, with the copies of it that its rows in `members` have. */
export async function change(
  ctx: MutationCtx,
  resourceId: Id<"resources">,
  changes: Partial<Omit<Doc<"resources">, "_id" | "_creationTime" | "kind">>,
): Promise<void> {
  await ctx.db.patch(resourceId, changes);
  const resource = await ctx.db.get(resourceId);
  if (resource === null) throw new Error("nothing has this id");
  for (const { _id } of await membersOf(ctx, resourceId)) await ctx.db.patch(_id, copyOf(resource));
}

function copyOf({ workspaceId, shelf, rank, title, trashedAt }: Doc<"resources">) {
  return { workspaceId, shelf: trashedAt === null ? shelf : "trash", rank, title } as const;
}

/** Everybody who has a role on this by name, in the order in which they were added. */
export function membersOf(ctx: QueryCtx, resourceId: Id<"resources">): Promise<Doc<"members">[]> {
  return ctx.db
    .query("members")
    .withIndex("by_resource", (q) => q.eq("resourceId", resourceId))
    .collect();
}

/** Gives somebody who has none a role by name. `given`: see `schema.ts`. */
export async function addMemberRow(
  ctx: MutationCtx,
  resource: Doc<"resources">,
  userId: Id<"users">,
  role: Role,
  given: boolean,
): Promise<void> {
  await ctx.db.insert("members", { resourceId: resource._id, userId, role, given, ...copyOf(resource) });
}

/** The workspaces in which somebody was given something by name, each found with one read. */
export async function givenIn(ctx: QueryCtx, userId: Id<"users">): Promise<Id<"workspaces">[]> {
  const found: Id<"workspaces">[] = [];
  while (found.length < GIVEN_WORKSPACES_MAX) {
    const last = found.at(-1);
    const next = await ctx.db
      .query("members")
      .withIndex("by_user_and_given", (q) => {
        const given = q.eq("userId", userId).eq("given", true);
        return last === undefined ? given : given.gt("workspaceId", last);
      })
      .first();
    if (next === null) break;
    found.push(next.workspaceId);
  }
  return found;
}
