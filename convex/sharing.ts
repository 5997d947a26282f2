/** What documents and diagrams have in common when they are shared with people by name. */
import { colorForUser } from "../protocol/colors";
import type { Role } from "../protocol/roles";
import type { Doc, Id } from "./_generated/dataModel";
import type { QueryCtx } from "./_generated/server";
import { refusal } from "./errors";
import { parseEmail } from "./text";

interface Membership {
  userId: Id<"users">;
  role: Role;
}

/** The user with this email address. Throws `invalid` or `not_found`. */
export async function requireUserByEmail(ctx: QueryCtx, email: string): Promise<Doc<"users">> {
  const normal = parseEmail(email);
  const user = await ctx.db
    .query("users")
    .withIndex("email", (q) => q.eq("email", normal))
    .unique();
  if (user === null) {
    throw refusal("not_found", "Nobody has signed up with this email address yet.");
  }
  return user;
}

/** Throws `invalid` if nobody would own the resource once this person is no owner of it any more. */
export function requireAnotherOwner(members: readonly Membership[], userId: Id<"users">): void {
  const owners = members.filter(({ role }) => role === "owner");
  if (owners.length === 1 && owners[0]?.userId === userId) {
    throw refusal("invalid", "This is the last owner. Make somebody else an owner first.");
  }
}

/** The members as the page lists them, in the order in which they were added. */
export async function describeMembers(ctx: QueryCtx, members: readonly Membership[]) {
  const described = await Promise.all(
    members.map(async ({ userId, role }) => {
      const user = await ctx.db.get(userId);
      if (user === null) return [];
      return [{ userId, name: user.name, email: user.email ?? null, color: colorForUser(userId), role }];
    }),
  );
  return described.flat();
}
