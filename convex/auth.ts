import { Anonymous } from "@convex-dev/auth/providers/Anonymous";
import { Password } from "@convex-dev/auth/providers/Password";
import { convexAuth } from "@convex-dev/auth/server";
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from "../protocol/limits";
import type { DataModel } from "./_generated/dataModel";
import type { MutationCtx } from "./_generated/server";
import { refusal } from "./errors";
import { parseEmail, parseName } from "./text";
import { createPersonalWorkspace } from "./workspaces";

export const { auth, signIn, signOut, store, isAuthenticated } = convexAuth({
  providers: [
    Password<DataModel>({
      profile: ({ email: typed, name, flow }) => {
        const email = parseEmail(typed);
        // The library asks for a profile in every flow, and stores it in this one only.
        return { email, name: flow === "signUp" ? parseName(name) : email };
      },
      validatePasswordRequirements: checkPassword,
    }),
    Anonymous<DataModel>({
      profile: ({ name }) => ({ isAnonymous: true, name: parseName(name) }),
    }),
  ],
  callbacks: {
    async afterUserCreatedOrUpdated(ctx: MutationCtx, { userId, existingUserId }) {
      if (existingUserId !== null) return;
      const user = await ctx.db.get(userId);
      if (user === null) throw new Error("the user was created in this transaction");
      await createPersonalWorkspace(ctx, user);
    },
  },
});

function checkPassword(password: unknown): void {
  if (typeof password !== "string" || password.length < PASSWORD_MIN_CHARS) {
    throw refusal("invalid", `A password has at least ${PASSWORD_MIN_CHARS} characters.`);
  }
  if (password.length > PASSWORD_MAX_CHARS) {
    throw refusal("invalid", `A password has at most ${PASSWORD_MAX_CHARS} characters.`);
  }
}
