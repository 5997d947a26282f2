import { authTables } from "@convex-dev/auth/server";
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { openRole, resourceKind, role, shelf, workspaceMemberRole } from "./validators";

/**
 * Everything Convex knows: people, what exists, and who may do what. Live content is not here, it is in the
 * rooms (`partykit/`).
 *
 * Documents and diagrams are rows of one table, because they share all of this: a title, a place in the tree,
 * access, the trash. The indexes are made so that a list reads what it shows: see `tree.ts`.
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
    /** As the person has it, so that people are listed and found by it. */
    name: v.string(),
  })
    .index("by_user_and_workspace", ["userId", "workspaceId"])
    .index("by_workspace_and_role", ["workspaceId", "role", "name"])
    .searchIndex("by_name", { searchField: "name", filterFields: ["workspaceId"] }),

  /** See `invitations.ts`. Gone once it was accepted by whom it names, revoked, or expired. */
  invitations: defineTable({
    workspaceId: v.id("workspaces"),
    role: workspaceMemberRole,
    /** Whom it is for; `null` for a link that lets in whoever has it. */
    email: v.union(v.string(), v.null()),
    token: v.string(),
    invitedBy: v.id("users"),
    expiresAt: v.number(),
  })
    .index("by_workspace_and_end", ["workspaceId", "expiresAt"])
    .index("by_email_and_workspace", ["email", "workspaceId"])
    .index("by_token", ["token"]),

  /** Documents and diagrams. */
  resources: defineTable({
    kind: resourceKind,
    title: v.string(),
    /** An emoji, or `null` for the kind's own icon. */
    icon: v.union(v.string(), v.null()),
    workspaceId: v.id("workspaces"),
    /** The document that it lies in. */
    parentId: v.union(v.id("resources"), v.null()),
    /** What it gives to everybody in its workspace, guests excepted. `null`: nothing. */
    workspaceRole: v.union(role, v.null()),
    /** Which list shows it. Follows from the two before: see `placement.ts`. */
    shelf,
    /** Its place among its neighbours: see `rank.ts`. */
    rank: v.string(),
    /** When it was put into the trash, itself and not something above it. Milliseconds since 1970. */
    trashedAt: v.union(v.number(), v.null()),
  })
    .index("by_place", ["workspaceId", "parentId", "shelf", "trashedAt", "rank"])
    .index("by_parent", ["parentId", "kind"])
    .index("by_trash", ["trashedAt"])
    .index("by_workspace_and_trash", ["workspaceId", "trashedAt"])
    .index("by_kind", ["kind"])
    .searchIndex("by_title", { searchField: "title", filterFields: ["workspaceId", "shelf", "trashedAt"] }),

  /** Roles on a document or diagram that people were given by name. */
  members: defineTable({
    resourceId: v.id("resources"),
    userId: v.id("users"),
    role,
    /** Somebody else gave it, or no list of its workspace shows it to them: it is among what was shared with them. */
    given: v.boolean(),
    /** As the resource has them, so that what somebody has by name is listed in order and found: see `placement.ts`. */
    workspaceId: v.id("workspaces"),
    shelf: v.union(shelf, v.literal("trash")),
    rank: v.string(),
    title: v.string(),
  })
    .index("by_user_and_resource", ["userId", "resourceId"])
    .index("by_user_and_place", ["userId", "workspaceId", "shelf", "rank"])
    .index("by_user_and_given", ["userId", "given", "workspaceId", "shelf"])
    .index("by_resource", ["resourceId"])
    .searchIndex("by_title", { searchField: "title", filterFields: ["userId", "shelf"] }),

  /** Who finds what in the trash: everybody in the workspace (`null`), or one person. See `trash_lists.ts`. */
  trashed: defineTable({
    resourceId: v.id("resources"),
    workspaceId: v.id("workspaces"),
    userId: v.union(v.id("users"), v.null()),
    at: v.number(),
  })
    .index("by_whose", ["workspaceId", "userId", "at"])
    .index("by_resource", ["resourceId"]),

  /** The link of a document or diagram, if it has one. See `links.ts`. */
  links: defineTable({
    resourceId: v.id("resources"),
    role: openRole,
    token: v.string(),
    expiresAt: v.union(v.number(), v.null()),
  })
    .index("by_resource", ["resourceId"])
    .index("by_token", ["token"]),

  /** Who came in by a link. The link says what they may do, and that it is still there. */
  linkGuests: defineTable({
    linkId: v.id("links"),
    resourceId: v.id("resources"),
    userId: v.id("users"),
  })
    .index("by_user_and_resource", ["userId", "resourceId"])
    .index("by_link", ["linkId"])
    .index("by_resource", ["resourceId"]),

  favourites: defineTable({ userId: v.id("users"), resourceId: v.id("resources") })
    .index("by_user_and_resource", ["userId", "resourceId"])
    .index("by_resource", ["resourceId"]),

  /** When somebody last opened something. */
  visits: defineTable({ userId: v.id("users"), resourceId: v.id("resources"), at: v.number() })
    .index("by_user_and_resource", ["userId", "resourceId"])
    .index("by_user_and_time", ["userId", "at"])
    .index("by_resource", ["resourceId"]),

  /** The newest backup of each room. See `snapshots.ts`. */
  snapshots: defineTable({
    roomId: v.string(),
    /** The room's own count. Only rises. */
    number: v.number(),
    /** `null`: the content that a new workspace's example begins with, see `examples.ts`. */
    fileId: v.union(v.id("_storage"), v.null()),
    /** When its content came. Absent for content that came with the workspace or the copy. */
    at: v.optional(v.number()),
  }).index("by_room", ["roomId"]),

  /** Rooms whose document is deleted and which PartyKit has not been told yet. See `burials.ts`. */
  burials: defineTable({ roomId: v.string() }).index("by_room", ["roomId"]),
});
