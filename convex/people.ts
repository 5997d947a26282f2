/** People as others see them. */
import { colorForUser } from "../protocol/colors";
import type { Infer } from "convex/values";
import type { Doc, Id } from "./_generated/dataModel";
import type { QueryCtx } from "./_generated/server";
import { refusal } from "./errors";
import { parseEmail } from "./text";
import type { person } from "./validators";

export type Person = Infer<typeof person>;

/** `withEmail`: whether the one who looks may see the address, as owners and admins may. */
export async function describePerson(
  ctx: QueryCtx,
  userId: Id<"users">,
  withEmail: boolean,
): Promise<Person | null> {
  const user = await ctx.db.get(userId);
  if (user === null) return null;
  return {
    userId,
    name: user.name,
    email: withEmail ? (user.email ?? null) : null,
    color: colorForUser(userId),
    anonymous: user.isAnonymous === true,
  };
}

export async function userByEmail(ctx: QueryCtx, email: string): Promise<Doc<"users"> | null> {
  return ctx.db
    .query("users")
    .withIndex("email", (q) => q.eq("email", email))
    .unique();
}

/** The user with this email address. Throws `invalid` or `not_found`. */
export async function requireUserByEmail(ctx: QueryCtx, email: string): Promise<Doc<"users">> {
  const user = await userByEmail(ctx, parseEmail(email));
  if (user === null) throw refusal("not_found", "Nobody has signed up with this email address yet.");
  return user;
}
