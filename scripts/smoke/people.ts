/** Throw-away people, and what they do with Convex through its official client. */
import { randomUUID } from "node:crypto";
import { ConvexHttpClient } from "convex/browser";
import { api } from "../../convex/_generated/api";
import { THROWAWAY_EMAIL_DOMAIN } from "../../protocol/throwaway";
import { Fault, reasonOf } from "./fault";

export class ThrowawayPerson {
  readonly email = `smoke-${randomUUID()}@${THROWAWAY_EMAIL_DOMAIN}`;
  readonly #convex: ConvexHttpClient;
  #userId: string | null = null;

  constructor(
    convexUrl: string,
    readonly name: string,
  ) {
    this.#convex = new ConvexHttpClient(convexUrl, { logger: false, skipConvexDeploymentUrlCheck: true });
  }

  get userId(): string {
    if (this.#userId === null) throw new Error(`${this.name} has not signed up`);
    return this.#userId;
  }

  async signUp(): Promise<void> {
    try {
      const params = { flow: "signUp", email: this.email, password: randomUUID(), name: this.name };
      const { tokens } = await this.#convex.action(api.auth.signIn, { provider: "password", params });
      if (!tokens) throw new Error("no session was given");
      this.#convex.setAuth(tokens.token);
    } catch (error) {
      throw new Fault(
        `Nobody can sign up: ${reasonOf(error)}. Are the functions deployed, and JWT_PRIVATE_KEY and JWKS set on Convex?`,
      );
    }
    const me = await this.#try("look who is signed in", this.#convex.query(api.users.me, {}));
    if (me === null) {
      throw new Fault(
        "Convex does not accept its own sessions: JWT_PRIVATE_KEY and JWKS do not belong together.",
      );
    }
    this.#userId = me.userId;
  }

  createDocument(): Promise<string> {
    return this.#try(
      "create a document",
      this.#convex.mutation(api.documents.create, { title: "Smoke test" }),
    );
  }

  async share(documentId: string, { email }: ThrowawayPerson, role: "editor" | "viewer"): Promise<void> {
    await this.#try(
      "share a document",
      this.#convex.mutation(api.documents.addMember, { documentId, email, role }),
    );
  }

  async unshare(documentId: string, { userId }: ThrowawayPerson): Promise<void> {
    await this.#try(
      "take a document back",
      this.#convex.mutation(api.documents.removeMember, { documentId, userId }),
    );
  }

  /** A token for the document's room. */
  async token(documentId: string): Promise<string> {
    const call = this.#convex.action(api.collaboration.getCollaborationToken, {
      resourceType: "doc",
      resourceId: documentId,
    });
    const { token } = await this.#try("get a collaboration token", call);
    return token;
  }

  /** Whether Convex would give a token. Any other failure than a refusal is a fault. */
  async isRefusedToken(documentId: string): Promise<boolean> {
    try {
      await this.#convex.action(api.collaboration.getCollaborationToken, {
        resourceType: "doc",
        resourceId: documentId,
      });
      return false;
    } catch (error) {
      if (String(error).includes("forbidden")) return true;
      throw new Fault(`${this.name} could not ask for a collaboration token: ${reasonOf(error)}.`);
    }
  }

  /** Removes the account with everything of it. */
  async remove(): Promise<void> {
    if (this.#userId === null) return;
    await this.#convex.mutation(api.throwaway.removeMe, {});
    this.#userId = null;
  }

  async #try<Value>(what: string, call: Promise<Value>): Promise<Value> {
    try {
      return await call;
    } catch (error) {
      throw new Fault(`${this.name} could not ${what}: ${reasonOf(error)}.`);
    }
  }
}
