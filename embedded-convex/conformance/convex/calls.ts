/** Functions that call others in every way there is, and ask about themselves. */
import { createFunctionHandle, makeFunctionReference, type FunctionHandle } from "convex/server";
import { v } from "convex/values";
import { action, internalAction, internalQuery, mutation, query } from "./builders";

const addRef = makeFunctionReference<"query", { a: number; b: number }, number>("calls:add");
const addLaterRef = makeFunctionReference<"action", { a: number; b: number }, number>("calls:addInAction");

export const add = internalQuery({
  args: { a: v.number(), b: v.number() },
  returns: v.number(),
  handler: (_ctx, { a, b }) => a + b,
});

export const addInAction = internalAction({
  args: { a: v.number(), b: v.number() },
  returns: v.number(),
  handler: async (ctx, args): Promise<number> => await ctx.runQuery(addRef, args),
});

export const fromQuery = query({
  args: {},
  handler: async (ctx): Promise<number> => await ctx.runQuery(addRef, { a: 1, b: 2 }),
});

export const fromAction = action({
  args: {},
  handler: async (ctx): Promise<number> => await ctx.runAction(addLaterRef, { a: 3, b: 4 }),
});

export const handle = mutation({ args: {}, handler: async () => await createFunctionHandle(addRef) });

export const byHandle = query({
  args: { handle: v.string() },
  handler: async (ctx, args): Promise<number> =>
    await ctx.runQuery(args.handle as FunctionHandle<"query", { a: number; b: number }, number>, {
      a: 5,
      b: 6,
    }),
});

export const about = query({
  args: {},
  handler: async (ctx) => {
    const { name, type, visibility } = await ctx.meta.getFunctionMetadata();
    const before = await ctx.meta.getTransactionMetrics();
    await ctx.db.query("counters").first();
    const after = await ctx.meta.getTransactionMetrics();
    return { name, type, visibility, queries: after.databaseQueries.used - before.databaseQueries.used };
  },
});

export const fields = mutation({
  args: { name: v.string() },
  handler: async (ctx, { name }) => {
    const id = await ctx.db.insert("counters", { name, value: 1 });
    await ctx.db.replace(id, { name, value: 2 });
    const replaced = await ctx.db.get(id);
    await ctx.db.delete(id);
    return { replaced, deleted: await ctx.db.get(id) };
  },
});
