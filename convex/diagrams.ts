import { v } from "convex/values";
import { mutation, query } from "./_generated/server";
import * as resources from "./resources";
import * as sharing from "./sharing";
import { diagramSummary, role } from "./validators";

/**
 * Makes an empty diagram: in a document (needs the role editor there), or by itself in a workspace of the
 * caller's (by default the personal one), owned by the caller.
 */
export const create = mutation({
  args: { title: v.string(), workspaceId: v.optional(v.string()), parentId: v.optional(v.string()) },
  returns: v.id("resources"),
  handler: (ctx, args) => resources.create(ctx, { kind: "diagram", ...args }),
});

export const get = query({
  args: { diagramId: v.string() },
  returns: diagramSummary,
  handler: async (ctx, { diagramId }) => {
    const { resourceId, ...summary } = await resources.get(ctx, "diagram", diagramId);
    return { diagramId: resourceId, ...summary };
  },
});

/** Needs the role editor. */
export const rename = mutation({
  args: { diagramId: v.string(), title: v.string() },
  returns: v.null(),
  handler: (ctx, { diagramId, title }) => resources.rename(ctx, "diagram", diagramId, title),
});

/** Gives somebody who has signed up a role by name, or changes the one that they have. Needs the role owner. */
export const addMember = mutation({
  args: { diagramId: v.string(), email: v.string(), role },
  returns: v.null(),
  handler: (ctx, { diagramId, ...whom }) => sharing.addMember(ctx, "diagram", diagramId, whom),
});

/** Takes away what somebody was given by name. Needs the role owner; the last owner stays. */
export const removeMember = mutation({
  args: { diagramId: v.string(), userId: v.string() },
  returns: v.null(),
  handler: (ctx, { diagramId, userId }) => sharing.removeMember(ctx, "diagram", diagramId, userId),
});
