/**
 * Who may do what. Every door (query, mutation, collaboration token, access check of a room) asks here.
 *
 * A role on a document or diagram comes in three ways:
 *   - by name: a row in `members` (who makes something at the top of a workspace has one, as owner);
 *   - by workspace: its `workspaceRole`, for admins and members of its workspace alike. Guests get nothing from
 *     it, and an admin no more than a member: nothing at all if it is `null`;
 *   - by link: a row in `linkGuests`, for as long as the link is there and has not expired.
 *
 * What lies in a document inherits: each of the three is looked for on it and on every document above it, and the
 * strongest role found counts. So a place deeper in the tree can give more than the document around it, never less.
 *
 * A role by link is for the content. What changes where things are, or whether they are (new ones inside, moving,
 * the trash), needs the same role without the link, so that nobody who merely has a link can clear a tree away.
 *
 * What lies in the trash, itself or with something above it, is shut: nobody gets a token or into the room.
 */
import { getAuthUserId } from "@convex-dev/auth/server";
import { isAtLeast, WORKSPACE_ROLES, type Role, type WorkspaceRole } from "../protocol/roles";
import type { ResourceKind } from "../protocol/rooms";
import type { Doc, Id } from "./_generated/dataModel";
import type { QueryCtx } from "./_generated/server";
import { refusal } from "./errors";

interface Grant {
  role: Role;
  /** The strongest role that comes by name or by workspace. */
  standing: Role | null;
  resource: Doc<"resources">;
  /** The resource, then what it lies in, up to the top. */
  path: Doc<"resources">[];
  /** The role on each of them: the higher one looks, the weaker it is, down to none. */
  roles: (Role | null)[];
}

/** The answer to "which role has this user on this resource, or none". */
export type Access =
  | ({ kind: "granted" } & Grant)
  /** `trashed` is what was put there: the resource, or something that it lies in. */
  | ({ kind: "trashed"; trashed: Doc<"resources"> } & Grant)
  | { kind: "denied" }
  /** The id could be one, but nothing of this kind has it, or what it lay in is gone. */
  | { kind: "missing" }
  /** No resource can ever have this id. */
  | { kind: "malformed" };

/** Which role has this user on this resource, or none. */
export async function accessTo(
  ctx: QueryCtx,
  userId: Id<"users">,
  kind: ResourceKind,
  resourceId: string,
): Promise<Access> {
  const id = ctx.db.normalizeId("resources", resourceId);
  if (id === null) return { kind: "malformed" };
  const resource = await ctx.db.get(id);
  return resource?.kind === kind ? accessToRow(ctx, userId, resource) : { kind: "missing" };
}

/** `accessTo` for a row that was read already. */
export function accessToRow(ctx: QueryCtx, userId: Id<"users">, resource: Doc<"resources">): Promise<Access> {
  return accessOf(ctx, userId)(resource);
}

/**
 * `accessToRow` for many rows: what several of them need, the documents around them above all, is read once. For one
 * query, which sees one moment; what a mutation has changed since, it would not see.
 */
export function accessOf(
  ctx: QueryCtx,
  userId: Id<"users">,
): (resource: Doc<"resources">) => Promise<Access> {
  const row = remembering((id: Id<"resources">) => ctx.db.get(id));
  const hasWorkspace = remembering(async (id: Id<"workspaces">) => (await ctx.db.get(id)) !== null);
  const isIn = remembering((id: Id<"workspaces">) => isInWorkspace(ctx, userId, id));
  const byName = remembering((id: Id<"resources">) => roleByName(ctx, userId, id));
  const byLink = remembering((id: Id<"resources">) => roleByLink(ctx, userId, id));

  return async (resource) => {
    const path = await pathTo(ctx, resource, { row, hasWorkspace });
    if (path === null) return { kind: "missing" };
    const inWorkspace = await isIn(resource.workspaceId);
    const given = await Promise.all(
      path.map(async (node) => ({
        standing: strongest(await byName(node._id), inWorkspace ? node.workspaceRole : null),
        linked: await byLink(node._id),
      })),
    );
    let standing: Role | null = null;
    let linked: Role | null = null;
    const roles: (Role | null)[] = [];
    for (const here of given.reverse()) {
      standing = strongest(standing, here.standing);
      linked = strongest(linked, here.linked);
      roles.unshift(strongest(standing, linked));
    }
    const role = strongest(standing, linked);
    if (role === null) return { kind: "denied" };
    const grant = { role, standing, resource, path, roles };
    const trashed = path.filter(({ trashedAt }) => trashedAt !== null).at(-1);
    return trashed === undefined ? { kind: "granted", ...grant } : { kind: "trashed", trashed, ...grant };
  };
}

function remembering<Key, Value>(look: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const known = new Map<Key, Promise<Value>>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = look(key);
    known.set(key, value);
    return value;
  };
}

interface Reads {
  row: (id: Id<"resources">) => Promise<Doc<"resources"> | null>;
  hasWorkspace: (id: Id<"workspaces">) => Promise<boolean>;
}

/** The resource and what it lies in, up to the top; `null` if something above it, or its workspace, is gone. */
export async function pathTo(
  ctx: QueryCtx,
  resource: Doc<"resources">,
  { row, hasWorkspace }: Reads = {
    row: (id) => ctx.db.get(id),
    hasWorkspace: async (id) => (await ctx.db.get(id)) !== null,
  },
): Promise<Doc<"resources">[] | null> {
  const path = [resource];
  let { parentId } = resource;
  while (parentId !== null) {
    const parent = await row(parentId);
    if (parent === null) return null;
    path.push(parent);
    parentId = parent.parentId;
  }
  return (await hasWorkspace(resource.workspaceId)) ? path : null;
}

export function strongest(a: Role | null, b: Role | null): Role | null {
  if (a === null || b === null) return a ?? b;
  return isAtLeast(a, b) ? a : b;
}

export async function roleByName(
  ctx: QueryCtx,
  userId: Id<"users">,
  resourceId: Id<"resources">,
): Promise<Role | null> {
  const member = await ctx.db
    .query("members")
    .withIndex("by_user_and_resource", (q) => q.eq("userId", userId).eq("resourceId", resourceId))
    .unique();
  return member?.role ?? null;
}

async function roleByLink(
  ctx: QueryCtx,
  userId: Id<"users">,
  resourceId: Id<"resources">,
): Promise<Role | null> {
  const guest = await ctx.db
    .query("linkGuests")
    .withIndex("by_user_and_resource", (q) => q.eq("userId", userId).eq("resourceId", resourceId))
    .unique();
  const link = guest === null ? null : await ctx.db.get(guest.linkId);
  return link === null || hasExpired(link) ? null : link.role;
}

export function hasExpired({ expiresAt }: { expiresAt: number | null }): boolean {
  return expiresAt !== null && expiresAt <= Date.now();
}

/** Whether somebody gets what the workspace's documents give to it: a guest is in it, and does not. */
export async function isInWorkspace(
  ctx: QueryCtx,
  userId: Id<"users">,
  workspaceId: Id<"workspaces">,
): Promise<boolean> {
  const membership = await membershipOf(ctx, userId, workspaceId);
  return membership !== null && membership.role !== "guest";
}

export function membershipOf(
  ctx: QueryCtx,
  userId: Id<"users">,
  workspaceId: Id<"workspaces">,
): Promise<Doc<"workspaceMembers"> | null> {
  return ctx.db
    .query("workspaceMembers")
    .withIndex("by_user_and_workspace", (q) => q.eq("userId", userId).eq("workspaceId", workspaceId))
    .unique();
}

/** The signed-in caller, or `null`: nobody is signed in, or their account is gone. */
export async function currentUser(ctx: QueryCtx): Promise<Doc<"users"> | null> {
  const userId = await getAuthUserId(ctx);
  return userId === null ? null : await ctx.db.get(userId);
}

/** The signed-in caller. Throws `unauthenticated`. */
export async function requireUser(ctx: QueryCtx): Promise<Doc<"users">> {
  const user = await currentUser(ctx);
  if (user === null) throw refusal("unauthenticated", "Sign in first.");
  return user;
}

export interface Needs {
  /** The role by link does not count. */
  withoutLink?: boolean;
  /** What lies in the trash is meant too. */
  evenTrashed?: boolean;
}

/**
 * The caller and the resource, if the caller's role on it is at least `minimum`. Throws `unauthenticated`,
 * `not_found` for what cannot be an id, `trashed` for what the caller could open if it were not in the trash, and
 * `forbidden` alike for what is none of the caller's business and for what does not exist, so that nobody can find
 * out which ids are in use.
 */
export async function requireAccess(
  ctx: QueryCtx,
  kind: ResourceKind,
  resourceId: string,
  minimum: Role,
  { withoutLink = false, evenTrashed = false }: Needs = {},
): Promise<{ user: Doc<"users"> } & Grant> {
  const user = await requireUser(ctx);
  const access = await accessTo(ctx, user._id, kind, resourceId);
  switch (access.kind) {
    case "malformed":
      throw refusal("not_found", "This is not the id of anything.");
    case "missing":
    case "denied":
      throw refusal("forbidden", "You have no access to this, or it does not exist.");
    case "trashed":
      if (!evenTrashed) throw refusal("trashed", "This is in the trash.");
      break;
    case "granted":
  }
  const role = withoutLink ? access.standing : access.role;
  if (role === null || !isAtLeast(role, minimum)) {
    throw refusal("forbidden", `This needs the role ${minimum}; you are ${role ?? "here by a link"}.`);
  }
  return { user, ...access };
}

/** The caller and the workspace, if the caller is at least `minimum` in it. Throws as `requireAccess` does. */
export async function requireWorkspace(
  ctx: QueryCtx,
  workspaceId: string,
  minimum: WorkspaceRole,
): Promise<{ user: Doc<"users">; workspace: Doc<"workspaces">; membership: Doc<"workspaceMembers"> }> {
  const user = await requireUser(ctx);
  const id = ctx.db.normalizeId("workspaces", workspaceId);
  if (id === null) throw refusal("not_found", "This is not the id of a workspace.");
  const membership = await membershipOf(ctx, user._id, id);
  const workspace = membership === null ? null : await ctx.db.get(id);
  if (membership === null || workspace === null) {
    throw refusal("forbidden", "You are not in this workspace, or it does not exist.");
  }
  if (WORKSPACE_ROLES.indexOf(membership.role) < WORKSPACE_ROLES.indexOf(minimum)) {
    throw refusal(
      "forbidden",
      `This needs the role ${minimum} in the workspace; you are ${membership.role}.`,
    );
  }
  return { user, workspace, membership };
}
