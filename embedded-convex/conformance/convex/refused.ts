/** What Convex does not let a function do. */
import { v } from "convex/values";
import { internalQuery, mutation, query } from "./builders";

export const fetches = query({ args: {}, handler: async () => (await fetch("http://127.0.0.1:9/")).status });

export const sleeps = mutation({
  args: {},
  handler: async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return null;
  },
});

export const secret = internalQuery({ args: {}, handler: () => "only for functions" });

export const storesTooMuch = mutation({
  args: { bytes: v.number() },
  handler: async (ctx, { bytes }) => {
    await ctx.db.insert("mixed", { run: "too much", value: "x".repeat(bytes) });
    return null;
  },
});

export const storesLongArray = mutation({
  args: { length: v.number() },
  handler: async (ctx, { length }) => {
    await ctx.db.insert("mixed", { run: "too long", value: new Array(length).fill(1) });
    return null;
  },
});

export const breaksSchema = mutation({
  args: {},
  handler: async (ctx) => {
    await ctx.db.insert("counters", { name: "wrong", value: "text" as unknown as number });
    return null;
  },
});

export const writesInQuery = query({
  args: {},
  handler: (ctx) => {
    const { insert } = ctx.db as unknown as { insert?: unknown };
    return typeof insert;
  },
});
