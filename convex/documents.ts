import { v, type Infer } from "convex/values";
import type { Role } from "../protocol/roles";
import type { Doc } from "./_generated/dataModel";
import { mutation, query } from "./_generated/server";
import { isInWorkspace, requireAccess } from "./access";
import { refusal } from "./errors";
import { describeMembers, requireAnotherOwner, requireUserByEmail } from "./sharing";
import { parseTitle } from "./text";
import { documentSummary, member, role } from "./validators";
import { callerScope, visibleDocuments } from "./visible";
import { roleForWorkspace, workspaceForNew } from "./workspaces";

/** Makes an empty document, owned by the caller, in a workspace of theirs (by default the personal one). */
export const create = mutation({
  args: { title: v.string(), workspaceId: v.optional(v.string()) },
  returns: v.id("documents"),
  handler: async (ctx, args) => {
    const { user, workspace } = await workspaceForNew(ctx, args.workspaceId);
    const documentId = await ctx.db.insert("documents", {
      title: parseTitle(args.title),
      workspaceId: workspace._id,
      workspaceRole: roleForWorkspace(workspace),
    });
    await ctx.db.insert("documentMembers", { documentId, userId: user._id, role: "owner" });
    return documentId;
  },
});

/**
 * What the caller may see in one workspace, or without an argument everywhere: in all their workspaces and
 * shared with them by name. Newest first.
 */
export const list = query({
  args: { workspaceId: v.optional(v.string()) },
  returns: v.array(documentSummary),
  handler: async (ctx, args) => {
    const visible = await visibleDocuments(ctx, await callerScope(ctx, args.workspaceId));
    return visible.map(({ resource, role, shared }) => summarize(resource, role, shared));
  },
});

export const get = query({
  args: { documentId: v.string() },
  returns: documentSummary,
  handler: async (ctx, args) => {
    const { user, resource, role } = await requireAccess(ctx, "doc", args.documentId, "viewer");
    return summarize(resource, role, !(await isInWorkspace(ctx, user._id, resource.workspaceId)));
  },
});

/** Needs the role editor. */
export const rename = mutation({
  args: { documentId: v.string(), title: v.string() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const { resource } = await requireAccess(ctx, "doc", args.documentId, "editor");
    await ctx.db.patch(resource._id, { title: parseTitle(args.title) });
    return null;
  },
});

/** Gives somebody who has signed up a role by name, or changes the one that they have. Needs the role owner. */
export const addMember = mutation({
  args: { documentId: v.string(), email: v.string(), role },
  returns: v.null(),
  handler: async (ctx, args) => {
    const { resource } = await requireAccess(ctx, "doc", args.documentId, "owner");
    const { _id: userId } = await requireUserByEmail(ctx, args.email);
    const members = await ctx.db
      .query("documentMembers")
      .withIndex("by_document", (q) => q.eq("documentId", resource._id))
      .collect();
    const existing = members.find((row) => row.userId === userId);
    if (existing === undefined) {
      await ctx.db.insert("documentMembers", { documentId: resource._id, userId, role: args.role });
      return null;
    }
    if (args.role !== "owner") requireAnotherOwner(members, userId);
    await ctx.db.patch(existing._id, { role: args.role });
    return null;
  },
});

/** Takes away what somebody was given by name. Needs the role owner; the last owner stays. */
export const removeMember = mutation({
  args: { documentId: v.string(), userId: v.string() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const { resource } = await requireAccess(ctx, "doc", args.documentId, "owner");
    const members = await ctx.db
      .query("documentMembers")
      .withIndex("by_document", (q) => q.eq("documentId", resource._id))
      .collect();
    const leaving = members.find((row) => row.userId === args.userId);
    if (leaving === undefined) throw refusal("not_found", "This person is no member of the document.");
    requireAnotherOwner(members, leaving.userId);
    await ctx.db.delete(leaving._id);
    return null;
  },
});

/** Who was given a role by name. For everybody who may open the document. */
export const listMembers = query({
  args: { documentId: v.string() },
  returns: v.array(member),
  handler: async (ctx, args) => {
    const { resource } = await requireAccess(ctx, "doc", args.documentId, "viewer");
    const members = await ctx.db
      .query("documentMembers")
      .withIndex("by_document", (q) => q.eq("documentId", resource._id))
      .collect();
    return describeMembers(ctx, members);
  },
});

function summarize(document: Doc<"documents">, role: Role, shared: boolean): Infer<typeof documentSummary> {
  return {
    documentId: document._id,
    title: document.title,
    workspaceId: document.workspaceId,
    role,
    createdAt: document._creationTime,
    shared,
  };
}
