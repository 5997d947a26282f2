import {
  mutationGeneric,
  queryGeneric,
  type DataModelFromSchemaDefinition,
  type MutationBuilder,
  type QueryBuilder,
} from "convex/server";
import { v } from "convex/values";
import type schema from "./schema";

type DataModel = DataModelFromSchemaDefinition<typeof schema>;
const query: QueryBuilder<DataModel, "public"> = queryGeneric;
const mutation: MutationBuilder<DataModel, "public"> = mutationGeneric;

const GROUPS = 50;
const TEXT = "x".repeat(200);

/** Inserts rows with the ranks `from` to `from + count`. */
export const fill = mutation({
  args: { from: v.number(), count: v.number() },
  handler: async (ctx, { from, count }) => {
    const ids = [];
    for (let rank = from; rank < from + count; rank++) {
      ids.push(await ctx.db.insert("rows", { group: `g${rank % GROUPS}`, rank, text: TEXT }));
    }
    return ids;
  },
});

export const get = query({
  args: { id: v.id("rows") },
  handler: async (ctx, { id }) => await ctx.db.get(id),
});

export const getMany = query({
  args: { ids: v.array(v.id("rows")) },
  handler: async (ctx, { ids }) => {
    for (const id of ids) await ctx.db.get(id);
    return null;
  },
});

export const firstMany = query({
  args: { times: v.number(), rows: v.number() },
  handler: async (ctx, { times, rows }) => {
    for (let i = 0; i < times; i++) {
      const rank = Math.floor((i / times) * rows);
      await ctx.db
        .query("rows")
        .withIndex("by_group", (q) => q.eq("group", `g${rank % GROUPS}`).gte("rank", rank))
        .first();
    }
    return null;
  },
});

export const takeMany = query({
  args: { times: v.number() },
  handler: async (ctx, { times }) => {
    for (let i = 0; i < times; i++) {
      await ctx.db
        .query("rows")
        .withIndex("by_group", (q) => q.eq("group", `g${i % GROUPS}`))
        .order("desc")
        .take(20);
    }
    return null;
  },
});

export const patchMany = mutation({
  args: { ids: v.array(v.id("rows")), text: v.string() },
  handler: async (ctx, { ids, text }) => {
    for (const id of ids) await ctx.db.patch(id, { text });
    return null;
  },
});

export const touch = mutation({
  args: { id: v.id("rows"), text: v.string() },
  handler: async (ctx, { id, text }) => await ctx.db.patch(id, { text }),
});
