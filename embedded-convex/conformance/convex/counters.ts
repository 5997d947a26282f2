import { v } from "convex/values";
import { internalMutation, mutation, query } from "./builders";

export const create = mutation({
  args: { name: v.string() },
  returns: v.id("counters"),
  handler: async (ctx, { name }) => await ctx.db.insert("counters", { name, value: 0 }),
});

export const get = query({
  args: { id: v.id("counters") },
  returns: v.union(v.number(), v.null()),
  handler: async (ctx, { id }) => (await ctx.db.get(id))?.value ?? null,
});

/** Reads, then writes what it read plus one: lost updates show as a sum that is too small. */
export const increment = mutation({
  args: { id: v.id("counters") },
  returns: v.number(),
  handler: async (ctx, { id }) => {
    const counter = await ctx.db.get(id);
    if (counter === null) throw new Error("no such counter");
    await ctx.db.patch(id, { value: counter.value + 1 });
    return counter.value + 1;
  },
});

export const incrementLater = internalMutation({
  args: { id: v.id("counters") },
  returns: v.null(),
  handler: async (ctx, { id }) => {
    const counter = await ctx.db.get(id);
    if (counter !== null) await ctx.db.patch(id, { value: counter.value + 1 });
    return null;
  },
});
