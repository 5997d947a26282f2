import { v } from "convex/values";
import { mutation, query } from "./builders";

export const put = mutation({
  args: { run: v.string(), values: v.array(v.any()) },
  handler: async (ctx, { run, values }) => {
    for (const value of values as unknown[]) await ctx.db.insert("mixed", { run, value });
    return null;
  },
});

/** In the order of the index over a field that holds values of every type. */
export const inOrder = query({
  args: { run: v.string() },
  handler: async (ctx, { run }) =>
    (
      await ctx.db
        .query("mixed")
        .withIndex("by_value", (q) => q.eq("run", run))
        .collect()
    ).map(({ value }) => value as unknown),
});

export const creationTimes = query({
  args: { run: v.string() },
  handler: async (ctx, { run }) =>
    (
      await ctx.db
        .query("mixed")
        .filter((q) => q.eq(q.field("run"), run))
        .collect()
    ).map(({ _creationTime }) => _creationTime),
});

export const echo = query({ args: { value: v.any() }, handler: (_ctx, { value }) => value as unknown });

export const normalize = query({
  args: { id: v.string() },
  handler: (ctx, { id }) => ({
    counter: ctx.db.normalizeId("counters", id),
    message: ctx.db.normalizeId("messages", id),
  }),
});

export const strict = query({
  args: {
    text: v.string(),
    count: v.optional(v.number()),
    kind: v.union(v.literal("a"), v.literal("b")),
    nested: v.object({ list: v.array(v.int64()) }),
    scores: v.record(v.string(), v.number()),
  },
  returns: v.null(),
  handler: () => null,
});

export const big = query({
  args: { chars: v.number() },
  returns: v.string(),
  handler: (_ctx, { chars }) => "0123456789".repeat(Math.ceil(chars / 10)).slice(0, chars),
});
