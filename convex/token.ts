/** The collaboration token of `protocol/access.ts`: issued and verified here, verified again by PartyKit. */
import { errors, jwtVerify, SignJWT } from "jose";
import {
  SECRET_MIN_BYTES,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_LIFETIME_SECONDS,
  TOKEN_VERIFICATION,
  TokenClaims,
  tokenKey,
} from "../protocol/access";

/** The part of Convex's runtime that this file needs; it has no other global of Node. */
declare const process: {
  env: { COLLABORATION_TOKEN_SECRET?: string; COLLABORATION_TOKEN_SECRET_SECOND?: string };
};

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
    .sign(keyOf("COLLABORATION_TOKEN_SECRET"));
  return { token, expiresAt: expires * 1000 };
}

/**
 * The claims of a token that is genuine and has not expired, or `null`. While the secret is being replaced there is a
 * second one, whose tokens are genuine too.
 */
export async function verifyToken(token: string): Promise<TokenClaims | null> {
  const claims = await verifyWith(keyOf("COLLABORATION_TOKEN_SECRET"), token);
  const hasSecond = (process.env.COLLABORATION_TOKEN_SECRET_SECOND ?? "") !== "";
  return claims ?? (hasSecond ? await verifyWith(keyOf("COLLABORATION_TOKEN_SECRET_SECOND"), token) : null);
}

async function verifyWith(key: Uint8Array, token: string): Promise<TokenClaims | null> {
  try {
    const { payload } = await jwtVerify(token, key, TOKEN_VERIFICATION);
    return TokenClaims.safeParse(payload).data ?? null;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

function keyOf(name: keyof typeof process.env): Uint8Array {
  const key = tokenKey(process.env[name]);
  if (key === null) throw new Error(`${name} must have at least ${SECRET_MIN_BYTES} bytes`);
  return key;
}
