/** Who has access to a document or diagram, and why; giving roles to people by name and to the whole workspace. */
import { v, type Infer } from "convex/values";
import { RESOURCE_MAX_MEMBERS } from "../protocol/limits";
import type { Role } from "../protocol/roles";
import type { ResourceKind } from "../protocol/rooms";
import type { Doc, Id } from "./_generated/dataModel";
import { mutation, query, type MutationCtx, type QueryCtx } from "./_generated/server";
import { hasExpired, requireAccess } from "./access";
import { refusal } from "./errors";
import { describePerson, requireUserByEmail } from "./people";
import { addMemberRow, change, membersOf, placeFor, rankAtTop } from "./placement";
import { refileTrash } from "./trash_lists";
import { openRole, person, resourceKind, role } from "./validators";

/**
 * From where something comes: `null` for what was given here; else the document above that it was given on, whose
 * title is `null` for somebody who may not open that one.
 */
const source = v.union(
  v.null(),
  v.object({ resourceId: v.id("resources"), title: v.union(v.string(), v.null()) }),
);

const overview = v.object({
  role,
  /** The workspace, and what this gives to everybody in it. */
  workspace: v.object({
    name: v.string(),
    personal: v.boolean(),
    role: v.union(openRole, v.literal("owner"), v.null()),
  }),
  /** What documents above give to the workspace. */
  inheritedFromWorkspace: v.array(v.object({ role, from: source })),
  /** Those nearest to it first. */
  people: v.array(v.object({ person, role, from: source })),
  /** There are more of them than were asked for. */
  morePeople: v.boolean(),
  links: v.array(
    v.object({
      role: openRole,
      from: source,
      expiresAt: v.union(v.number(), v.null()),
      /** Only for an owner of what has the link. */
      token: v.union(v.string(), v.null()),
    }),
  ),
  /** Who came in by this link, as far as an owner asks. */
  linkGuests: v.array(person),
});

/** People with a role by name in one answer, unless more are asked for. */
const PEOPLE_SHOWN = 30;

/** And if they are: as many as one resource may have, and what it lies in. */
const PEOPLE_MAX = 1_000;

/** So many are shown of those who came by a link. */
const LINK_GUESTS_SHOWN = 50;

/**
 * Who has access, and why; of the people who have it by name, so many. For everybody who may open it; email addresses
 * and the link only for owners.
 */
export const get = query({
  args: { kind: resourceKind, resourceId: v.string(), people: v.optional(v.number()) },
  returns: overview,
  handler: async (ctx, { kind, resourceId, people = PEOPLE_SHOWN }): Promise<Infer<typeof overview>> => {
    const { user, resource, role, path, roles } = await requireAccess(ctx, kind, resourceId, "viewer");
    const asked = Math.min(Math.max(0, people), PEOPLE_MAX);
    const workspace = await ctx.db.get(resource.workspaceId);
    if (workspace === null) throw new Error("a resource without a workspace");
    const result: Infer<typeof overview> = {
      role,
      workspace: {
        name: workspace.name,
        personal: workspace.personalOf !== null,
        role: resource.workspaceRole,
      },
      inheritedFromWorkspace: [],
      people: [],
      morePeople: false,
      links: [],
      linkGuests: [],
    };
    for (const [above, node] of path.entries()) {
      const here = above === 0;
      const roleThere = roles[above] ?? null;
      const title = roleThere === null ? null : node.title;
      const from = here ? null : { resourceId: node._id, title };
      const owner = roleThere === "owner";
      if (!here && node.workspaceRole !== null) {
        result.inheritedFromWorkspace.push({ role: node.workspaceRole, from });
      }
      const left = asked - result.people.length;
      const named = await firstMembers(ctx, node._id, left + 1);
      if (named.length > left) result.morePeople = true;
      for (const member of named.slice(0, left)) {
        const described = await describePerson(ctx, member.userId, owner || member.userId === user._id);
        if (described !== null) result.people.push({ person: described, role: member.role, from });
      }
      const link = await linkOf(ctx, node._id);
      if (link === null || hasExpired(link)) continue;
      const token = owner ? link.token : null;
      result.links.push({ role: link.role, from, expiresAt: link.expiresAt, token });
      if (here && owner) result.linkGuests = await guestsOf(ctx, link._id);
    }
    return result;
  },
});

function firstMembers(ctx: QueryCtx, resourceId: Id<"resources">, count: number): Promise<Doc<"members">[]> {
  return ctx.db
    .query("members")
    .withIndex("by_resource", (q) => q.eq("resourceId", resourceId))
    .take(count);
}

export function linkOf(ctx: QueryCtx, resourceId: Id<"resources">): Promise<Doc<"links"> | null> {
  return ctx.db
    .query("links")
    .withIndex("by_resource", (q) => q.eq("resourceId", resourceId))
    .unique();
}

async function guestsOf(ctx: QueryCtx, linkId: Id<"links">) {
  const guests = await ctx.db
    .query("linkGuests")
    .withIndex("by_link", (q) => q.eq("linkId", linkId))
    .take(LINK_GUESTS_SHOWN);
  const people = await Promise.all(guests.map(({ userId }) => describePerson(ctx, userId, true)));
  return people.filter((guest) => guest !== null);
}

/** Gives a role to everybody in the workspace, or none (`null`): then it is private. Needs the role owner. */
export const setWorkspaceRole = mutation({
  args: { kind: resourceKind, resourceId: v.string(), role: v.union(openRole, v.null()) },
  returns: v.null(),
  handler: async (ctx, { kind, resourceId, role: workspaceRole }) => {
    const { resource } = await requireAccess(ctx, kind, resourceId, "owner");
    const workspace = await ctx.db.get(resource.workspaceId);
    if (workspace?.personalOf !== null) {
      throw refusal("invalid", "A personal workspace has nobody else in it to share with.");
    }
    await giveToWorkspace(ctx, resource, workspaceRole);
    return null;
  },
});

/** At the top this decides which list shows it; there it goes first. */
async function giveToWorkspace(ctx: MutationCtx, resource: Doc<"resources">, workspaceRole: Role | null) {
  const place = placeFor(resource.workspaceId, resource.parentId, workspaceRole);
  const moves = place.shelf !== resource.shelf;
  const rank = moves ? await rankAtTop(ctx, place) : resource.rank;
  await change(ctx, resource._id, { workspaceRole, ...place, rank });
  await refileTrash(ctx, resource.workspaceId);
}

/** Gives somebody who has signed up a role by name, or changes the one that they have. Needs the role owner. */
export async function addMember(
  ctx: MutationCtx,
  kind: ResourceKind,
  resourceId: string,
  { email, role: given }: { email: string; role: Role },
): Promise<null> {
  const { user, resource } = await requireAccess(ctx, kind, resourceId, "owner");
  const { _id: userId } = await requireUserByEmail(ctx, email);
  const members = await membersOf(ctx, resource._id);
  const existing = members.find((row) => row.userId === userId);
  if (existing !== undefined) {
    if (given !== "owner") requireAnotherOwner(resource, members, userId);
    await ctx.db.patch(existing._id, { role: given });
    await refileTrash(ctx, resource.workspaceId);
    return null;
  }
  if (members.length >= RESOURCE_MAX_MEMBERS) {
    throw refusal("limit", `At most ${RESOURCE_MAX_MEMBERS} people can have a role by name.`);
  }
  await addMemberRow(ctx, resource, userId, given, userId !== user._id);
  await refileTrash(ctx, resource.workspaceId);
  return null;
}

/** Takes away what somebody was given by name. Needs the role owner; everybody may give up their own. */
export async function removeMember(
  ctx: MutationCtx,
  kind: ResourceKind,
  resourceId: string,
  userId: string,
): Promise<null> {
  const { user, resource, role: callers } = await requireAccess(ctx, kind, resourceId, "viewer");
  if (callers !== "owner" && user._id !== userId) {
    throw refusal("forbidden", "This needs the role owner.");
  }
  const members = await membersOf(ctx, resource._id);
  const leaving = members.find((row) => row.userId === userId);
  if (leaving === undefined) throw refusal("not_found", "This person was given no role here.");
  requireAnotherOwner(resource, members, leaving.userId);
  await ctx.db.delete(leaving._id);
  await refileTrash(ctx, resource.workspaceId);
  return null;
}

/**
 * Throws `invalid` if nobody would own the resource once this person is no owner of it any more. What lies in a
 * document has its owners there.
 */
function requireAnotherOwner(
  { parentId }: Doc<"resources">,
  members: readonly Doc<"members">[],
  userId: Id<"users">,
): void {
  const owners = members.filter((row) => row.role === "owner");
  if (parentId === null && owners.length === 1 && owners[0]?.userId === userId) {
    throw refusal("invalid", "This is the last owner. Make somebody else an owner first.");
  }
}
