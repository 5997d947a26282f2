import { authTables } from "@convex-dev/auth/server";
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { role, workspaceMemberRole } from "./validators";

/**
 * Everything Convex knows: people, what exists, and who may do what. Live content is not here, it is in the
 * rooms (`partykit/`).
 *
 * A `workspaceRole` of `null` means private: only members by name get in. A diagram with a `documentId` has
 * neither a role of its own nor members: it inherits the access of its document.
 */
export default defineSchema({
  ...authTables,

  /** The library's table, narrowed: everybody has a name, and nobody a phone number or a picture. */
  users: defineTable({
    name: v.string(),
    /** Lower case. Absent for anonymous people. */
    email: v.optional(v.string()),
    emailVerificationTime: v.optional(v.number()),
    isAnonymous: v.optional(v.boolean()),
  }).index("email", ["email"]),

  workspaces: defineTable({
    name: v.string(),
    /** Whose personal workspace this is; `null` for a shared one. */
    personalOf: v.union(v.id("users"), v.null()),
  }).index("by_personalOf", ["personalOf"]),

  workspaceMembers: defineTable({
    workspaceId: v.id("workspaces"),
    userId: v.id("users"),
    role: workspaceMemberRole,
  }).index("by_user_and_workspace", ["userId", "workspaceId"]),

  documents: defineTable({
    title: v.string(),
    workspaceId: v.id("workspaces"),
    workspaceRole: v.union(role, v.null()),
  }).index("by_workspace_and_role", ["workspaceId", "workspaceRole"]),

  documentMembers: defineTable({
    documentId: v.id("documents"),
    userId: v.id("users"),
    role,
  })
    .index("by_user_and_document", ["userId", "documentId"])
    .index("by_document", ["documentId"]),

  diagrams: defineTable({
    title: v.string(),
    /** For a diagram in a document: the document's workspace. */
    workspaceId: v.id("workspaces"),
    documentId: v.union(v.id("documents"), v.null()),
    workspaceRole: v.union(role, v.null()),
  })
    .index("by_workspace_and_role", ["workspaceId", "workspaceRole"])
    .index("by_workspace_and_document", ["workspaceId", "documentId"]),

  diagramMembers: defineTable({
    diagramId: v.id("diagrams"),
    userId: v.id("users"),
    role,
  })
    .index("by_user_and_diagram", ["userId", "diagramId"])
    .index("by_diagram", ["diagramId"]),

  /** The newest backup of each room. See `snapshots.ts`. */
  snapshots: defineTable({
    roomId: v.string(),
    /** The room's own count. Only rises. */
    number: v.number(),
    fileId: v.id("_storage"),
  }).index("by_room", ["roomId"]),
});
