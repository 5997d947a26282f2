/** Checks the JWTs of callers against the providers of `auth.config.ts`. */
import type { AuthConfig } from "convex/server";
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import { z } from "zod";
import { identityOfClaims, type Claims, type Identity } from "./identity";

type Provider = AuthConfig["providers"][number];

export type TokenCheck = { kind: "valid"; identity: Identity } | { kind: "invalid"; reason: string };

const ALGORITHMS = ["RS256", "ES256"];

/** A client waits for its token to be checked. */
const DISCOVERY_TIMEOUT_MS = 10_000;

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });

export class TokenVerifier {
  private readonly keys = new Map<Provider, Promise<JWTVerifyGetKey>>();

  constructor(
    private readonly config: AuthConfig,
    private readonly discoveryTimeoutMs = DISCOVERY_TIMEOUT_MS,
  ) {}

  async verify(token: string): Promise<TokenCheck> {
    let claims: ReturnType<typeof decodeJwt>;
    try {
      claims = decodeJwt(token);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      return invalid(`Could not parse the token as a JWT: ${error.message}`);
    }
    const issuer: unknown = claims.iss;
    if (typeof issuer !== "string") return invalid("The token has no issuer.");
    const candidates = this.config.providers.filter((provider) => sameIssuer(issuerOf(provider), issuer));
    if (candidates.length === 0) {
      return invalid(
        `No auth provider found matching the given token (issuer ${issuer}). Check auth.config.ts.`,
      );
    }
    let reason = "";
    for (const provider of candidates) {
      const check = await this.verifyWith(provider, token, issuer);
      if (check.kind === "valid") return check;
      reason = check.reason;
    }
    return invalid(reason);
  }

  private async verifyWith(provider: Provider, token: string, issuer: string): Promise<TokenCheck> {
    let keys: JWTVerifyGetKey;
    try {
      keys = await this.keysOf(provider);
    } catch (error) {
      this.keys.delete(provider);
      return invalid(`Could not load the keys of ${issuerOf(provider)}: ${messageOf(error)}`);
    }
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        ...(provider.applicationID === undefined ? {} : { audience: provider.applicationID }),
        algorithms: "algorithm" in provider ? [provider.algorithm] : ALGORITHMS,
        requiredClaims: ["sub", "iat", "exp"],
      });
      const subject: unknown = payload.sub;
      if (typeof subject !== "string") return invalid("The token's subject is not text.");
      return { kind: "valid", identity: identityOfClaims(payload as Claims, token) };
    } catch (error) {
      return invalid(`Could not verify the token: ${messageOf(error)}`);
    }
  }

  private keysOf(provider: Provider): Promise<JWTVerifyGetKey> {
    let keys = this.keys.get(provider);
    if (keys === undefined) {
      keys = this.loadKeys(provider);
      this.keys.set(provider, keys);
    }
    return keys;
  }

  private async loadKeys(provider: Provider): Promise<JWTVerifyGetKey> {
    if ("jwks" in provider) return createRemoteJWKSet(new URL(provider.jwks));
    const base = provider.domain.includes("://") ? provider.domain : `https://${provider.domain}`;
    const response = await fetch(`${base.replace(/\/$/, "")}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(this.discoveryTimeoutMs),
    });
    if (!response.ok) throw new Error(`OpenID discovery answered ${response.status}`);
    const discovery = Discovery.parse(await response.json());
    // Keys of one issuer must not vouch for another (OpenID Connect Discovery, section 4.3).
    if (!sameIssuer(provider.domain, discovery.issuer)) {
      throw new Error(`OpenID discovery names another issuer, ${discovery.issuer}`);
    }
    return createRemoteJWKSet(new URL(discovery.jwks_uri));
  }
}

function issuerOf(provider: Provider): string {
  return "issuer" in provider ? provider.issuer : provider.domain;
}

/** A provider's domain may be written without the scheme or the last slash that its tokens have. */
function sameIssuer(configured: string, issuer: string): boolean {
  const normal = (url: string) => (url.includes("://") ? url : `https://${url}`).replace(/\/$/, "");
  return normal(configured) === normal(issuer);
}

function invalid(reason: string): TokenCheck {
  return { kind: "invalid", reason };
}

/** With the cause: `fetch` alone says only that it failed. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
