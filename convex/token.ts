/** The collaboration token of `protocol/access.ts`: issued and verified here, verified again by PartyKit. */
import { errors, jwtVerify, SignJWT } from "jose";
import {
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_CLOCK_TOLERANCE_SECONDS,
  TOKEN_ISSUER,
  TOKEN_LIFETIME_SECONDS,
  TokenClaims,
} from "../protocol/access";

/** The part of Convex's runtime that this file needs; it has no other global of Node. */
declare const process: {
  env: { COLLABORATION_TOKEN_SECRET?: string; COLLABORATION_TOKEN_SECRET_SECOND?: string };
};

/** HMAC-SHA-256 is as strong as its output only with a key at least that long (RFC 7518, section 3.2). */
const SECRET_MIN_BYTES = 32;

/** A token for one person and one room, and when it ends (milliseconds since 1970). */
export async function issueToken(claims: TokenClaims): Promise<{ token: string; expiresAt: number }> {
  const issuedAt = Math.floor(Date.now() / 1000);
  const expires = issuedAt + TOKEN_LIFETIME_SECONDS;
  const token = await new SignJWT({ room: claims.room })
    .setProtectedHeader({ alg: TOKEN_ALGORITHM })
    .setSubject(claims.sub)
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expires)
    .sign(signingKey());
  return { token, expiresAt: expires * 1000 };
}

/**
 * The claims of a token that is genuine and has not expired, or `null`. While the secret is being replaced there is a
 * second one, whose tokens are genuine too.
 */
export async function verifyToken(token: string): Promise<TokenClaims | null> {
  const claims = await verifyWith(signingKey(), token);
  const second = process.env.COLLABORATION_TOKEN_SECRET_SECOND ?? "";
  return claims ?? (second === "" ? null : await verifyWith(new TextEncoder().encode(second), token));
}

async function verifyWith(key: Uint8Array, token: string): Promise<TokenClaims | null> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [TOKEN_ALGORITHM],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      clockTolerance: TOKEN_CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ["exp", "iat"],
      maxTokenAge: TOKEN_LIFETIME_SECONDS,
    });
    return TokenClaims.safeParse(payload).data ?? null;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

function signingKey(): Uint8Array {
  const key = new TextEncoder().encode(process.env.COLLABORATION_TOKEN_SECRET ?? "");
  if (key.byteLength < SECRET_MIN_BYTES) {
    throw new Error(`COLLABORATION_TOKEN_SECRET must have at least ${SECRET_MIN_BYTES} bytes`);
  }
  return key;
}
