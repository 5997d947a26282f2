import { paginationOptsValidator } from "convex/server";
import { v } from "convex/values";
import { mutation, query } from "./builders";

const place = { run: v.string(), channel: v.string() };

export const send = mutation({
  args: { ...place, body: v.string(), rank: v.number(), note: v.optional(v.string()) },
  handler: async (ctx, message) => await ctx.db.insert("messages", message),
});

export const sendMany = mutation({
  args: { ...place, ranks: v.array(v.number()) },
  handler: async (ctx, { ranks, ...where }) => {
    for (const rank of ranks) await ctx.db.insert("messages", { ...where, body: `message ${rank}`, rank });
    return null;
  },
});

export const remove = mutation({
  args: { id: v.id("messages") },
  handler: async (ctx, { id }) => await ctx.db.delete(id),
});

export const clearNote = mutation({
  args: { id: v.id("messages") },
  handler: async (ctx, { id }) => await ctx.db.patch(id, { note: undefined }),
});

export const get = query({
  args: { id: v.id("messages") },
  handler: async (ctx, { id }) => await ctx.db.get(id),
});

/** The ranks between two bounds, as an index range gives them. */
export const ranks = query({
  args: {
    ...place,
    order: v.union(v.literal("asc"), v.literal("desc")),
    gt: v.optional(v.number()),
    gte: v.optional(v.number()),
    lt: v.optional(v.number()),
    lte: v.optional(v.number()),
    take: v.optional(v.number()),
  },
  returns: v.array(v.number()),
  handler: async (ctx, { run, channel, order, gt, gte, lt, lte, take }) => {
    const found = ctx.db
      .query("messages")
      .withIndex("by_channel", (q) => {
        const at = q.eq("run", run).eq("channel", channel);
        const from = gt !== undefined ? at.gt("rank", gt) : gte !== undefined ? at.gte("rank", gte) : at;
        if (lt !== undefined) return from.lt("rank", lt);
        return lte !== undefined ? from.lte("rank", lte) : from;
      })
      .order(order);
    return (take === undefined ? await found.collect() : await found.take(take)).map(({ rank }) => rank);
  },
});

/** Ranks that a filter keeps: even ones, or those with a note. */
export const filtered = query({
  args: { ...place, keep: v.union(v.literal("small or noted"), v.literal("odd")) },
  handler: async (ctx, { run, channel, keep }) => {
    const found = await ctx.db
      .query("messages")
      .withIndex("by_channel", (q) => q.eq("run", run).eq("channel", channel))
      .filter((q) =>
        keep === "odd"
          ? q.eq(q.mod(q.field("rank"), 2), 1)
          : q.or(q.lt(q.field("rank"), 2), q.neq(q.field("note"), undefined)),
      )
      .collect();
    return found.map(({ rank }) => rank);
  },
});

export const page = query({
  args: { ...place, paginationOpts: paginationOptsValidator },
  handler: async (ctx, { run, channel, paginationOpts }) =>
    await ctx.db
      .query("messages")
      .withIndex("by_channel", (q) => q.eq("run", run).eq("channel", channel))
      .order("desc")
      .paginate(paginationOpts),
});

export const search = query({
  args: { run: v.string(), words: v.string() },
  handler: async (ctx, { run, words }) => {
    const found = await ctx.db
      .query("messages")
      .withSearchIndex("search_body", (q) => q.search("body", words).eq("run", run))
      .take(10);
    return found.map(({ body }) => body);
  },
});

export const only = query({
  args: place,
  handler: async (ctx, { run, channel }) =>
    await ctx.db
      .query("messages")
      .withIndex("by_channel", (q) => q.eq("run", run).eq("channel", channel))
      .unique(),
});
