/** Decides who a caller is: by JWT of a configured provider, or by this server's admin key. */
import { timingSafeEqual } from "node:crypto";
import type { AuthConfig } from "convex/server";
import type { JSONValue } from "convex/values";
import type { Access } from "../functions/invoke";
import type { Identity } from "./identity";
import { TokenVerifier, type TokenCheck } from "./tokens";

export type Authorization =
  { kind: "accepted"; identity: Identity | null; access: Access } | { kind: "refused"; reason: string };

export class Authenticator {
  private verifier: TokenVerifier;

  constructor(private readonly adminKey: string) {
    this.verifier = new TokenVerifier({ providers: [] });
  }

  /** Takes over another `auth.config.ts`. */
  configure(config: AuthConfig): void {
    this.verifier = new TokenVerifier(config);
  }

  async verify(token: string): Promise<TokenCheck> {
    return await this.verifier.verify(token);
  }

  isAdminKey(value: string): boolean {
    const given = Buffer.from(value);
    const expected = Buffer.from(this.adminKey);
    return expected.length > 0 && given.length === expected.length && timingSafeEqual(given, expected);
  }

  /** The identity that an admin acts as. */
  impersonated(attributes: Record<string, JSONValue> | null): Identity | null {
    if (attributes === null) return null;
    const { issuer, subject } = attributes;
    const own = typeof issuer === "string" && typeof subject === "string" ? `${issuer}|${subject}` : "admin";
    const tokenIdentifier = attributes["tokenIdentifier"] ?? own;
    return { attributes: { ...attributes, tokenIdentifier }, token: null, expiresAt: null };
  }

  /** Checks an `Authorization` header: none, `Bearer <JWT>`, or `Convex <admin key>[:<identity, base 64>]`. */
  async authorize(header: string | undefined): Promise<Authorization> {
    if (header === undefined || header === "") return { kind: "accepted", identity: null, access: "public" };
    const [scheme = "", credentials = ""] = header.split(" ");
    if (scheme === "Bearer") {
      const check = await this.verify(credentials);
      if (check.kind === "invalid") return { kind: "refused", reason: check.reason };
      return { kind: "accepted", identity: check.identity, access: "public" };
    }
    if (scheme !== "Convex") return { kind: "refused", reason: "Unknown authorization scheme." };
    const [key = "", identity] = credentials.split(":");
    if (!this.isAdminKey(key)) return { kind: "refused", reason: "The admin key is not this server's." };
    const attributes = identity === undefined ? null : parseIdentity(identity);
    return { kind: "accepted", identity: this.impersonated(attributes), access: "all" };
  }
}

function parseIdentity(encoded: string): Record<string, JSONValue> | null {
  const value: unknown = JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
  return typeof value === "object" && value !== null ? (value as Record<string, JSONValue>) : null;
}
