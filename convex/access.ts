/**
 * Who may do what. Every door (query, mutation, collaboration token, access check of a room) asks here.
 *
 * A role on a document comes from two places, and the stronger one counts:
 *   - by name: a row in `documentMembers` (the creator has one, as owner);
 *   - by workspace: the document's `workspaceRole`, for everybody who is in its workspace, whatever they are
 *     there. An admin of the workspace gets no more from it than a member, and nothing if it is `null`.
 *
 * A diagram by itself works the same way. A diagram in a document has exactly the access of that document.
 */
import { getAuthUserId } from "@convex-dev/auth/server";
import { isAtLeast, type Role } from "../protocol/roles";
import type { ResourceKind } from "../protocol/rooms";
import type { Doc, Id } from "./_generated/dataModel";
import type { QueryCtx } from "./_generated/server";
import { refusal } from "./errors";

/** The answer to "which role has this user on this resource, or none". */
export type Access<Resource> =
  | { kind: "granted"; role: Role; resource: Resource }
  | { kind: "denied" }
  /** The id could be one, but nothing has it. */
  | { kind: "missing" }
  /** No resource can ever have this id. */
  | { kind: "malformed" };

interface Resources {
  doc: Doc<"documents">;
  diagram: Doc<"diagrams">;
}

type AccessRule<Resource> = (
  ctx: QueryCtx,
  userId: Id<"users">,
  resourceId: string,
) => Promise<Access<Resource>>;

/** One entry for each kind of room. */
const ACCESS_RULES: { [Kind in ResourceKind]: AccessRule<Resources[Kind]> } = {
  doc: documentAccess,
  diagram: diagramAccess,
};

/** Which role has this user on this resource, or none. */
export async function accessTo<Kind extends ResourceKind>(
  ctx: QueryCtx,
  userId: Id<"users">,
  kind: Kind,
  resourceId: string,
): Promise<Access<Resources[Kind]>> {
  return ACCESS_RULES[kind](ctx, userId, resourceId);
}

/** What one person holds with respect to one resource. */
export interface Standing {
  /** The role given by name. */
  named: Role | null;
  inWorkspace: boolean;
  /** The role that the resource gives to its workspace. */
  workspaceRole: Role | null;
}

/** The rule itself: the stronger of the role by name and the role by workspace. */
export function roleFrom({ named, inWorkspace, workspaceRole }: Standing): Role | null {
  const byWorkspace = inWorkspace ? workspaceRole : null;
  if (named === null || byWorkspace === null) return named ?? byWorkspace;
  return isAtLeast(named, byWorkspace) ? named : byWorkspace;
}

async function documentAccess(
  ctx: QueryCtx,
  userId: Id<"users">,
  resourceId: string,
): Promise<Access<Doc<"documents">>> {
  const documentId = ctx.db.normalizeId("documents", resourceId);
  if (documentId === null) return { kind: "malformed" };
  const document = await ctx.db.get(documentId);
  if (document === null) return { kind: "missing" };
  const membership = await ctx.db
    .query("documentMembers")
    .withIndex("by_user_and_document", (q) => q.eq("userId", userId).eq("documentId", documentId))
    .unique();
  return decide(document, {
    named: membership?.role ?? null,
    inWorkspace: await isInWorkspace(ctx, userId, document.workspaceId),
    workspaceRole: document.workspaceRole,
  });
}

async function diagramAccess(
  ctx: QueryCtx,
  userId: Id<"users">,
  resourceId: string,
): Promise<Access<Doc<"diagrams">>> {
  const diagramId = ctx.db.normalizeId("diagrams", resourceId);
  if (diagramId === null) return { kind: "malformed" };
  const diagram = await ctx.db.get(diagramId);
  if (diagram === null) return { kind: "missing" };
  if (diagram.documentId !== null) {
    const inherited = await documentAccess(ctx, userId, diagram.documentId);
    return inherited.kind === "granted" ? { ...inherited, resource: diagram } : inherited;
  }
  const membership = await ctx.db
    .query("diagramMembers")
    .withIndex("by_user_and_diagram", (q) => q.eq("userId", userId).eq("diagramId", diagramId))
    .unique();
  return decide(diagram, {
    named: membership?.role ?? null,
    inWorkspace: await isInWorkspace(ctx, userId, diagram.workspaceId),
    workspaceRole: diagram.workspaceRole,
  });
}

function decide<Resource>(resource: Resource, standing: Standing): Access<Resource> {
  const role = roleFrom(standing);
  return role === null ? { kind: "denied" } : { kind: "granted", role, resource };
}

export async function isInWorkspace(
  ctx: QueryCtx,
  userId: Id<"users">,
  workspaceId: Id<"workspaces">,
): Promise<boolean> {
  const membership = await ctx.db
    .query("workspaceMembers")
    .withIndex("by_user_and_workspace", (q) => q.eq("userId", userId).eq("workspaceId", workspaceId))
    .unique();
  return membership !== null;
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

/**
 * The caller and the resource, if the caller's role on it is at least `minimum`. Throws `unauthenticated`,
 * `not_found` for what cannot be an id, and `forbidden` alike for what is none of the caller's business and for
 * what does not exist, so that nobody can find out which ids are in use.
 */
export async function requireAccess<Kind extends ResourceKind>(
  ctx: QueryCtx,
  kind: Kind,
  resourceId: string,
  minimum: Role,
): Promise<{ user: Doc<"users">; resource: Resources[Kind]; role: Role }> {
  const user = await requireUser(ctx);
  const access = await accessTo(ctx, user._id, kind, resourceId);
  switch (access.kind) {
    case "malformed":
      throw refusal("not_found", "This is not the id of anything.");
    case "missing":
    case "denied":
      throw refusal("forbidden", "You have no access to this, or it does not exist.");
    case "granted":
      if (!isAtLeast(access.role, minimum)) {
        throw refusal("forbidden", `This needs the role ${minimum}; you are ${access.role}.`);
      }
      return { user, resource: access.resource, role: access.role };
  }
}

/** The caller and the workspace, if the caller is in it. Throws as `requireAccess` does. */
export async function requireWorkspace(
  ctx: QueryCtx,
  workspaceId: string,
): Promise<{ user: Doc<"users">; workspace: Doc<"workspaces"> }> {
  const user = await requireUser(ctx);
  const id = ctx.db.normalizeId("workspaces", workspaceId);
  if (id === null) throw refusal("not_found", "This is not the id of a workspace.");
  const workspace = (await isInWorkspace(ctx, user._id, id)) ? await ctx.db.get(id) : null;
  if (workspace === null) {
    throw refusal("forbidden", "You are not in this workspace, or it does not exist.");
  }
  return { user, workspace };
}
