/** Goes as near to the limits of a transaction, a document and an array as its caller says. */
import { getDocumentSize, v } from "convex/values";
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
