import { v } from "convex/values";
import { mutation, query } from "./_generated/server";
import * as resources from "./resources";
import * as sharing from "./sharing";
import { documentSummary, role } from "./validators";

/**
 * Makes an empty document: in another one (needs the role editor there), or by itself in a workspace of the
 * caller's (by default the personal one), owned by the caller.
 */
export const create = mutation({
  args: { title: v.string(), workspaceId: v.optional(v.string()), parentId: v.optional(v.string()) },
  returns: v.id("resources"),
  handler: (ctx, args) => resources.create(ctx, { kind: "doc", ...args }),
});

export const get = query({
  args: { documentId: v.string() },
  returns: documentSummary,
  handler: async (ctx, { documentId }) => {
    const { resourceId, ...summary } = await resources.get(ctx, "doc", documentId);
    return { documentId: resourceId, ...summary };
  },
});

/** Needs the role editor. */
export const rename = mutation({
  args: { documentId: v.string(), title: v.string() },
  returns: v.null(),
  handler: (ctx, { documentId, title }) => resources.rename(ctx, "doc", documentId, title),
});

/** Gives somebody who has signed up a role by name, or changes the one that they have. Needs the role owner. */
export const addMember = mutation({
  args: { documentId: v.string(), email: v.string(), role },
  returns: v.null(),
  handler: (ctx, { documentId, ...whom }) => sharing.addMember(ctx, "doc", documentId, whom),
});

/** Takes away what somebody was given by name. Needs the role owner; the last owner stays. */
export const removeMember = mutation({
  args: { documentId: v.string(), userId: v.string() },
  returns: v.null(),
  handler: (ctx, { documentId, userId }) => sharing.removeMember(ctx, "doc", documentId, userId),
});
