import { v } from "convex/values";
import { mutation, query } from "./builders";

/** Both halves or none. */
export const add = mutation({
  args: { run: v.string(), key: v.string() },
  handler: async (ctx, { run, key }) => {
    await ctx.db.insert("pairs", { run, key, half: "a" });
    await ctx.db.insert("pairs", { run, key, half: "b" });
    return null;
  },
});

export const count = query({
  args: { run: v.string(), half: v.union(v.literal("a"), v.literal("b")) },
  returns: v.number(),
  handler: async (ctx, { run, half }) =>
    (
      await ctx.db
        .query("pairs")
        .withIndex("by_run", (q) => q.eq("run", run))
        .collect()
    ).filter((pair) => pair.half === half).length,
});

/** Every key with its halves. */
export const all = query({
  args: { run: v.string() },
  handler: async (ctx, { run }) => {
    const halves = new Map<string, string>();
    const found = ctx.db.query("pairs").withIndex("by_run", (q) => q.eq("run", run));
    for await (const { key, half } of found) halves.set(key, (halves.get(key) ?? "") + half);
    return [...halves];
  },
});
