/** What Convex does not let a function do. */
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
