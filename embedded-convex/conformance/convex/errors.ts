import { ConvexError, v } from "convex/values";
import { makeFunctionReference } from "convex/server";
import { action, mutation, query } from "./builders";

export const plain = query({
  args: {},
  handler: () => {
    throw new Error("a plain error");
  },
});

export const withData = mutation({
  args: { data: v.any() },
  handler: (_ctx, { data }) => {
    throw new ConvexError(data as string);
  },
});

const withDataRef = makeFunctionReference<"mutation">("errors:withData");

/** The data of a ConvexError crosses a nested call. */
export const dataThroughAction = action({
  args: { data: v.any() },
  handler: async (ctx, { data }) => {
    try {
      await ctx.runMutation(withDataRef, { data: data as unknown });
      return "nothing was thrown";
    } catch (error) {
      if (error instanceof ConvexError) return { data: error.data as unknown };
      throw error;
    }
  },
});

export const logs = query({
  args: {},
  handler: () => {
    console.log("hello", { from: "a function" });
    console.warn("careful");
    return null;
  },
});
