import { action, mutation, query } from "./builders";

export const whoAmI = query({ args: {}, handler: async (ctx) => await ctx.auth.getUserIdentity() });

export const subjectInMutation = mutation({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
});

export const subjectInAction = action({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
});
