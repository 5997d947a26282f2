import { v, type Infer } from "convex/values";
import type { Role } from "../protocol/roles";
import type { Doc } from "./_generated/dataModel";
import { mutation, query, type MutationCtx } from "./_generated/server";
import { isInWorkspace, requireAccess } from "./access";
import { refusal } from "./errors";
import { describeMembers, requireAnotherOwner, requireUserByEmail } from "./sharing";
import { parseTitle } from "./text";
import { diagramSummary, member, role } from "./validators";
import { callerScope, visibleDiagrams } from "./visible";
import { roleForWorkspace, workspaceForNew } from "./workspaces";

/**
 * Makes an empty diagram: in a document (needs the role editor there), or by itself in a workspace of the
 * caller's (by default the personal one), owned by the caller.
 */
export const create = mutation({
  args: {
    title: v.string(),
    workspaceId: v.optional(v.string()),
    documentId: v.optional(v.string()),
  },
  returns: v.id("diagrams"),
  handler: async (ctx, args) => {
    if (args.documentId === undefined) return createInWorkspace(ctx, args.title, args.workspaceId);
    if (args.workspaceId !== undefined) {
      throw refusal(
        "invalid",
        "A diagram in a document is in the document's workspace: name one of the two.",
      );
    }
    return createInDocument(ctx, args.title, args.documentId);
  },
});

async function createInWorkspace(ctx: MutationCtx, title: string, workspaceId: string | undefined) {
  const { user, workspace } = await workspaceForNew(ctx, workspaceId);
  const diagramId = await ctx.db.insert("diagrams", {
    title: parseTitle(title),
    workspaceId: workspace._id,
    documentId: null,
    workspaceRole: roleForWorkspace(workspace),
  });
  await ctx.db.insert("diagramMembers", { diagramId, userId: user._id, role: "owner" });
  return diagramId;
}

async function createInDocument(ctx: MutationCtx, title: string, documentId: string) {
  const { resource: document } = await requireAccess(ctx, "doc", documentId, "editor");
  return ctx.db.insert("diagrams", {
    title: parseTitle(title),
    workspaceId: document.workspaceId,
    documentId: document._id,
    workspaceRole: null,
  });
}

/**
 * What the caller may see in one workspace, or without an argument everywhere: in all their workspaces and
 * shared with them by name. Diagrams in documents are among them. Newest first.
 */
export const list = query({
  args: { workspaceId: v.optional(v.string()) },
  returns: v.array(diagramSummary),
  handler: async (ctx, args) => {
    const visible = await visibleDiagrams(ctx, await callerScope(ctx, args.workspaceId));
    return visible.map(({ resource, role, shared }) => summarize(resource, role, shared));
  },
});

export const get = query({
  args: { diagramId: v.string() },
  returns: diagramSummary,
  handler: async (ctx, args) => {
    const { user, resource, role } = await requireAccess(ctx, "diagram", args.diagramId, "viewer");
    return summarize(resource, role, !(await isInWorkspace(ctx, user._id, resource.workspaceId)));
  },
});

/** Needs the role editor. */
export const rename = mutation({
  args: { diagramId: v.string(), title: v.string() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const { resource } = await requireAccess(ctx, "diagram", args.diagramId, "editor");
    await ctx.db.patch(resource._id, { title: parseTitle(args.title) });
    return null;
  },
});

/** Gives somebody who has signed up a role by name, or changes the one that they have. Needs the role owner. */
export const addMember = mutation({
  args: { diagramId: v.string(), email: v.string(), role },
  returns: v.null(),
  handler: async (ctx, args) => {
    const { resource } = await requireAccess(ctx, "diagram", args.diagramId, "owner");
    requireStandalone(resource);
    const { _id: userId } = await requireUserByEmail(ctx, args.email);
    const members = await ctx.db
      .query("diagramMembers")
      .withIndex("by_diagram", (q) => q.eq("diagramId", resource._id))
      .collect();
    const existing = members.find((row) => row.userId === userId);
    if (existing === undefined) {
      await ctx.db.insert("diagramMembers", { diagramId: resource._id, userId, role: args.role });
      return null;
    }
    if (args.role !== "owner") requireAnotherOwner(members, userId);
    await ctx.db.patch(existing._id, { role: args.role });
    return null;
  },
});

/** Takes away what somebody was given by name. Needs the role owner; the last owner stays. */
export const removeMember = mutation({
  args: { diagramId: v.string(), userId: v.string() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const { resource } = await requireAccess(ctx, "diagram", args.diagramId, "owner");
    requireStandalone(resource);
    const members = await ctx.db
      .query("diagramMembers")
      .withIndex("by_diagram", (q) => q.eq("diagramId", resource._id))
      .collect();
    const leaving = members.find((row) => row.userId === args.userId);
    if (leaving === undefined) throw refusal("not_found", "This person is no member of the diagram.");
    requireAnotherOwner(members, leaving.userId);
    await ctx.db.delete(leaving._id);
    return null;
  },
});

/** Who was given a role by name, on the diagram or on the document that it is in. For everybody who may open it. */
export const listMembers = query({
  args: { diagramId: v.string() },
  returns: v.array(member),
  handler: async (ctx, args) => {
    const { resource } = await requireAccess(ctx, "diagram", args.diagramId, "viewer");
    const { _id: diagramId, documentId } = resource;
    const members =
      documentId === null
        ? await ctx.db
            .query("diagramMembers")
            .withIndex("by_diagram", (q) => q.eq("diagramId", diagramId))
            .collect()
        : await ctx.db
            .query("documentMembers")
            .withIndex("by_document", (q) => q.eq("documentId", documentId))
            .collect();
    return describeMembers(ctx, members);
  },
});

function requireStandalone(diagram: Doc<"diagrams">): void {
  if (diagram.documentId !== null) {
    throw refusal("invalid", "This diagram is in a document and has its access: share the document instead.");
  }
}

function summarize(diagram: Doc<"diagrams">, role: Role, shared: boolean): Infer<typeof diagramSummary> {
  return {
    diagramId: diagram._id,
    documentId: diagram.documentId,
    title: diagram.title,
    workspaceId: diagram.workspaceId,
    role,
    createdAt: diagram._creationTime,
    shared,
  };
}
