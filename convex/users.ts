import { v } from "convex/values";
import { colorForUser } from "../protocol/colors";
import { query } from "./_generated/server";
import { currentUser } from "./access";

/** Who is signed in, or `null`. */
export const me = query({
  args: {},
  returns: v.union(
    v.object({
      userId: v.id("users"),
      name: v.string(),
      email: v.union(v.string(), v.null()),
      color: v.string(),
      anonymous: v.boolean(),
    }),
    v.null(),
  ),
  handler: async (ctx) => {
    const user = await currentUser(ctx);
    if (user === null) return null;
    return {
      userId: user._id,
      name: user.name,
      email: user.email ?? null,
      color: colorForUser(user._id),
      anonymous: user.isAnonymous === true,
    };
  },
});
