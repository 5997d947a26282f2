/** Goes as near to the limits of a transaction, a document and an array as its caller says. */
import { getDocumentSize, v } from "convex/values";
import { makeFunctionReference } from "convex/server";
import { mutation, query } from "./builders";

export const insertMany = mutation({
  args: { run: v.string(), count: v.number() },
  handler: async (ctx, { run, count }) => {
    for (let i = 0; i < count; i++) await ctx.db.insert("bulk", { run, value: i });
    return null;
  },
});

/** Inserts documents of exactly so many bytes. */
export const insertSized = mutation({
  args: { run: v.string(), count: v.number(), bytes: v.number() },
  handler: async (ctx, { run, count, bytes }) => {
    for (let i = 0; i < count; i++) {
      const id = await ctx.db.insert("bulk", { run, value: "" });
      const document = await ctx.db.get(id);
      if (document === null) throw new Error("the document is not there");
      await ctx.db.patch(id, { value: "x".repeat(bytes - getDocumentSize(document)) });
    }
    return null;
  },
});

export const insertArray = mutation({
  args: { run: v.string(), length: v.number() },
  handler: async (ctx, { run, length }) => {
    await ctx.db.insert("bulk", { run, value: new Array<number>(length).fill(1) });
    return null;
  },
});

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

/** The document itself is the first level. */
export const insertNested = mutation({
  args: { run: v.string(), levels: v.number() },
  handler: async (ctx, { run, levels }) => {
    await ctx.db.insert("bulk", { run, value: nested(levels - 1) });
    return null;
  },
});

export const insertFields = mutation({
  args: { run: v.string(), fields: v.number() },
  handler: async (ctx, { run, fields }) => {
    const value = Object.fromEntries(Array.from({ length: fields }, (_, i) => [`f${i}`, i]));
    await ctx.db.insert("bulk", { run, value });
    return null;
  },
});

/** Schedules so many functions for much later, and takes them back. */
export const schedule = mutation({
  args: { count: v.number() },
  handler: async (ctx, { count }) => {
    const later = makeFunctionReference<"mutation">("limits:insertMany");
    for (let i = 0; i < count; i++) {
      const id = await ctx.scheduler.runAfter(3_600_000, later, { run: "never", count: 0 });
      await ctx.scheduler.cancel(id);
    }
    return null;
  },
});

/** Twice the clock, with work in between. */
export const clocks = query({
  args: { run: v.string() },
  handler: async (ctx, { run }) => {
    const before = [Date.now(), new Date().getTime()];
    for (let i = 0; i < 200; i++) {
      await ctx.db
        .query("bulk")
        .withIndex("by_run", (q) => q.eq("run", run))
        .collect();
    }
    return [...before, Date.now(), new Date().getTime()];
  },
});

/** Reads all documents of a run so many times, and the first `more` of them once more. Returns how many it read. */
export const read = query({
  args: { run: v.string(), times: v.number(), more: v.number() },
  handler: async (ctx, { run, times, more }) => {
    const all = () => ctx.db.query("bulk").withIndex("by_run", (q) => q.eq("run", run));
    let documents = 0;
    for (let i = 0; i < times; i++) documents += (await all().collect()).length;
    return documents + (await all().take(more)).length;
  },
});
