import { v } from "convex/values";

/** `ROLES` of `protocol/roles.ts` as a Convex validator. A test pins that both name the same. */
export const role = v.union(
  v.literal("viewer"),
  v.literal("commenter"),
  v.literal("editor"),
  v.literal("owner"),
);

/** What a workspace or a link can be given. Nobody becomes an owner by being around, or by having a link. */
export const openRole = v.union(v.literal("viewer"), v.literal("commenter"), v.literal("editor"));

/** `RESOURCE_KINDS` of `protocol/rooms.ts` as a Convex validator. A test pins that both name the same. */
export const resourceKind = v.union(v.literal("doc"), v.literal("diagram"));

/** `WORKSPACE_ROLES` of `protocol/roles.ts` as a Convex validator; about documents it says nothing: see `access.ts`. */
export const workspaceMemberRole = v.union(v.literal("guest"), v.literal("member"), v.literal("admin"));

/** Which list of the sidebar shows something: the workspace's, that of each member by name, or its document's. */
export const shelf = v.union(v.literal("workspace"), v.literal("private"), v.literal("nested"));

/** A person as others see them. The email address only for those whose business it is. */
export const person = v.object({
  userId: v.id("users"),
  name: v.string(),
  email: v.union(v.string(), v.null()),
  color: v.string(),
  anonymous: v.boolean(),
});

const summary = {
  title: v.string(),
  icon: v.union(v.string(), v.null()),
  workspaceId: v.id("workspaces"),
  parentId: v.union(v.id("resources"), v.null()),
  /** The caller's. */
  role,
  /** Milliseconds since 1970. */
  createdAt: v.number(),
};

export const documentSummary = v.object({ documentId: v.id("resources"), ...summary });

export const diagramSummary = v.object({ diagramId: v.id("resources"), ...summary });

/** A document or diagram as a list shows it. */
export const entry = v.object({
  kind: resourceKind,
  resourceId: v.id("resources"),
  ...summary,
  /** Something lies in it. */
  hasChildren: v.boolean(),
});
