import { v, type GenericId } from "convex/values";
import { action, internalMutation, mutation, query } from "./builders";
import { makeFunctionReference } from "convex/server";

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

/** Changes its result whenever it runs, so a client sees how often that is. */
export const getWithTime = query({
  args: { id: v.id("counters") },
  handler: async (ctx, { id }) => ({ value: (await ctx.db.get(id))?.value ?? null, ranAt: Math.random() }),
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

export const internalIncrement = internalMutation({
  args: { id: v.id("counters") },
  returns: v.null(),
  handler: async (ctx, { id }) => {
    const counter = await ctx.db.get(id);
    if (counter !== null) await ctx.db.patch(id, { value: counter.value + 1 });
    return null;
  },
});

const internalIncrementRef = makeFunctionReference<"mutation">("counters:internalIncrement");
const failingRef = makeFunctionReference<"mutation">("counters:incrementAndThrow");
const getRef = makeFunctionReference<"query", { id: GenericId<"counters"> }, number | null>("counters:get");

export const incrementAndThrow = mutation({
  args: { id: v.id("counters") },
  handler: async (ctx, { id }) => {
    await ctx.db.patch(id, { value: -1 });
    throw new Error("after the write");
  },
});

/** Its result does not fit its validator. */
export const incrementAndReturnWrong = mutation({
  args: { id: v.id("counters") },
  returns: v.string(),
  handler: async (ctx, { id }) => {
    await ctx.db.patch(id, { value: -1 });
    return 1 as unknown as string;
  },
});

/** A nested mutation fails; its caller goes on. */
export const survivesNested = mutation({
  args: { id: v.id("counters") },
  handler: async (ctx, { id }) => {
    await ctx.db.patch(id, { value: 10 });
    let caught = "";
    try {
      await ctx.runMutation(failingRef, { id });
    } catch (error) {
      caught = error instanceof Error ? error.message : String(error);
    }
    const between = (await ctx.db.get(id))?.value;
    await ctx.runMutation(internalIncrementRef, { id });
    return { caught, between, after: await ctx.runQuery(getRef, { id }) };
  },
});

export const nestedAtOnce = mutation({
  args: { id: v.id("counters"), times: v.number() },
  handler: async (ctx, { id, times }) => {
    await Promise.all(Array.from({ length: times }, () => ctx.runMutation(internalIncrementRef, { id })));
    return (await ctx.db.get(id))?.value;
  },
});

export const incrementFromAction = action({
  args: { id: v.id("counters"), times: v.number() },
  handler: async (ctx, { id, times }): Promise<number | null> => {
    for (let i = 0; i < times; i++) await ctx.runMutation(internalIncrementRef, { id });
    return await ctx.runQuery(getRef, { id });
  },
});
