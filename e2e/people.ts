/** People with an account, as the official Convex client sees them: no browser needed. */
import { ConvexHttpClient } from "convex/browser";
import { randomUUID } from "node:crypto";
import { api } from "../convex/_generated/api";
import type { Stack } from "../scripts/stack";

export interface Person {
  name: string;
  email: string;
  password: string;
  userId: string;
  /** Signed in as this person. */
  convex: ConvexHttpClient;
}

export async function createPerson(stack: Stack, name: string): Promise<Person> {
  const convex = new ConvexHttpClient(stack.convexUrl, { logger: false });
  const email = `${name.toLowerCase().replaceAll(/[^a-z]/g, "")}-${randomUUID()}@example.org`;
  const password = randomUUID();
  const { tokens } = await convex.action(api.auth.signIn, {
    provider: "password",
    params: { flow: "signUp", email, password, name },
  });
  if (!tokens) throw new Error("signing up gave no session");
  convex.setAuth(tokens.token);
  const me = await convex.query(api.users.me, {});
  if (me === null) throw new Error("signed up, but nobody is signed in");
  return { name, email, password, userId: me.userId, convex };
}

/** A new session of the person's, as Convex Auth keeps it in a page's `localStorage`. */
export async function newSessionOf({ convexUrl }: Stack, { email, password }: Person) {
  const { tokens } = await new ConvexHttpClient(convexUrl, { logger: false }).action(api.auth.signIn, {
    provider: "password",
    params: { flow: "signIn", email, password },
  });
  if (!tokens) throw new Error("signing in gave no session");
  const suffix = convexUrl.replaceAll(/[^a-zA-Z0-9]/g, "");
  return [
    { name: `__convexAuthJWT_${suffix}`, value: tokens.token },
    { name: `__convexAuthRefreshToken_${suffix}`, value: tokens.refreshToken },
  ];
}

/** The person's collaboration token for a document's room. */
export async function tokenOf(person: Person, documentId: string): Promise<string> {
  const { token } = await person.convex.action(api.collaboration.getCollaborationToken, {
    resourceType: "doc",
    resourceId: documentId,
  });
  return token;
}
