import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { internalAction, internalMutation, mutation, query } from "./builders";

const noteRef = makeFunctionReference<"mutation">("later:note");
const noteByActionRef = makeFunctionReference<"action">("later:noteByAction");

export const note = internalMutation({
  args: { run: v.string(), what: v.string() },
  handler: async (ctx, event) => {
    await ctx.db.insert("events", event);
    if (event.what === "fails") throw new Error("scheduled to fail");
    return null;
  },
});

export const noteByAction = internalAction({
  args: { run: v.string(), what: v.string() },
  handler: async (ctx, event) => {
    await ctx.runMutation(noteRef, event);
    return null;
  },
});

export const schedule = mutation({
  args: {
    run: v.string(),
    what: v.string(),
    delayMs: v.number(),
    by: v.union(v.literal("mutation"), v.literal("action")),
  },
  handler: async (ctx, { delayMs, by, ...event }) =>
    await ctx.scheduler.runAfter(delayMs, by === "action" ? noteByActionRef : noteRef, event),
});

/** Schedules, then fails: nothing may run. */
export const scheduleAndThrow = mutation({
  args: { run: v.string() },
  handler: async (ctx, { run }) => {
    await ctx.scheduler.runAfter(0, noteRef, { run, what: "never" });
    throw new Error("rolled back");
  },
});

export const cancel = mutation({
  args: { id: v.id("_scheduled_functions") },
  handler: async (ctx, { id }) => await ctx.scheduler.cancel(id),
});

export const state = query({
  args: { id: v.id("_scheduled_functions") },
  handler: async (ctx, { id }) => (await ctx.db.system.get(id))?.state.kind ?? null,
});

export const events = query({
  args: { run: v.string() },
  returns: v.array(v.string()),
  handler: async (ctx, { run }) =>
    (
      await ctx.db
        .query("events")
        .withIndex("by_run", (q) => q.eq("run", run))
        .collect()
    ).map(({ what }) => what),
});
