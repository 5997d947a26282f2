import { v } from "convex/values";

/** `ROLES` of `protocol/roles.ts` as a Convex validator. A test pins that both name the same. */
export const role = v.union(
  v.literal("viewer"),
  v.literal("commenter"),
  v.literal("editor"),
  v.literal("owner"),
);

/** `RESOURCE_KINDS` of `protocol/rooms.ts` as a Convex validator. A test pins that both name the same. */
export const resourceKind = v.union(v.literal("doc"), v.literal("diagram"));

/** What somebody is in a workspace. It says nothing about the documents in it: see `access.ts`. */
export const workspaceMemberRole = v.union(v.literal("admin"), v.literal("member"));

/** Somebody who was given a role on a document or diagram by name. */
export const member = v.object({
  userId: v.id("users"),
  name: v.string(),
  email: v.union(v.string(), v.null()),
  color: v.string(),
  role,
});

/** A document as its list shows it; `role` is the caller's. */
export const documentSummary = v.object({
  documentId: v.id("documents"),
  title: v.string(),
  workspaceId: v.id("workspaces"),
  role,
  /** Milliseconds since 1970. */
  createdAt: v.number(),
  /** It is in none of the caller's workspaces: somebody shared it with them by name. */
  shared: v.boolean(),
});

/** A diagram as its list shows it. `documentId` is the document that it lies in, if any. */
export const diagramSummary = v.object({
  diagramId: v.id("diagrams"),
  documentId: v.union(v.id("documents"), v.null()),
  title: v.string(),
  workspaceId: v.id("workspaces"),
  role,
  createdAt: v.number(),
  shared: v.boolean(),
});
