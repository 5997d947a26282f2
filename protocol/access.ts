/**
 * How somebody gets into a room.
 *
 *   page → Convex     `collaboration.getCollaborationToken`: a JWT for exactly one room, for a few minutes
 *   page → PartyKit   WebSocket `/parties/main/{roomId}?token={JWT}`
 *   PartyKit → Convex `POST {ACCESS_PATH}`, `Authorization: Bearer {JWT}`, body `AccessRequest`
 *   Convex → PartyKit 200 `AccessGrant`, or 401 (token), 403 (no access), 404 (no such resource)
 *   PartyKit → page   101, or 400 bad room id, 401 token, 403 no access or a foreign page, 503 Convex unreachable
 *                     or slow
 *
 * The token travels in a URL, so it is worth nothing elsewhere or later: its own key, its own audience, one
 * room, a short life. What a person may do is decided by Convex at the moment of connecting; the token only
 * says who asks for which room.
 */
import { encodeUtf8 } from "lib0/string";
import * as z from "zod/mini";
import { ROLES } from "./roles";

/** The Convex HTTP action that decides. */
export const ACCESS_PATH = "/collaboration/access";

/** Query parameter of the WebSocket URL that carries the token. */
export const TOKEN_PARAM = "token";

export const TOKEN_ALGORITHM = "HS256";
export const TOKEN_ISSUER = "ripple:convex";
export const TOKEN_AUDIENCE = "ripple:room";

/** At most five minutes: long enough to connect over a bad line, short enough to be useless in a log. */
export const TOKEN_LIFETIME_SECONDS = 300;

/** How far the clocks of Convex and Cloudflare may differ. */
export const TOKEN_CLOCK_TOLERANCE_SECONDS = 10;

/** Both verifiers' options of jose's `jwtVerify`: what Convex takes for genuine, the room does too. */
export const TOKEN_VERIFICATION = {
  algorithms: [TOKEN_ALGORITHM],
  issuer: TOKEN_ISSUER,
  audience: TOKEN_AUDIENCE,
  requiredClaims: ["exp", "iat"],
  clockTolerance: TOKEN_CLOCK_TOLERANCE_SECONDS,
  maxTokenAge: TOKEN_LIFETIME_SECONDS,
};

/** HMAC-SHA-256 is as strong as its output only with a key at least that long (RFC 7518, section 3.2). */
export const SECRET_MIN_BYTES = 32;

/** The key that a token secret is; `null` if it is too short to be one, or missing. */
export function tokenKey(secret: string | undefined): Uint8Array | null {
  const key = encodeUtf8(secret ?? "");
  return key.byteLength < SECRET_MIN_BYTES ? null : key;
}

/** The room waits this long for Convex's decision, then refuses with 503. */
export const ACCESS_TIMEOUT_MS = 5_000;

/** Claims of a collaboration token beside the registered `iss`, `aud`, `iat`, `exp`. */
export const TokenClaims = z.object({
  /** The Convex id of the user who asked. */
  sub: z.string().check(z.minLength(1), z.maxLength(64)),
  /** The one room that the token opens. */
  room: z.string().check(z.minLength(1), z.maxLength(128)),
});
export type TokenClaims = z.infer<typeof TokenClaims>;

export const AccessRequest = z.object({ roomId: z.string().check(z.minLength(1), z.maxLength(128)) });
export type AccessRequest = z.infer<typeof AccessRequest>;

/** Convex's yes: the verified identity that the room shows to others, and what it may do. */
export const AccessGrant = z.object({
  userId: z.string().check(z.minLength(1), z.maxLength(64)),
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  color: z.string().check(z.regex(/^#[0-9a-f]{6}$/)),
  role: z.enum(ROLES),
});
export type AccessGrant = z.infer<typeof AccessGrant>;

/**
 * The header in which the party's `onBeforeConnect` hands the grant to the room, as URI-encoded JSON.
 * Whatever a client sent under this name is removed first.
 */
export const GRANT_HEADER = "x-ripple-grant";
