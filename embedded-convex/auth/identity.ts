/** Who a caller is, in the words of `ctx.auth.getUserIdentity()`. */
import type { JSONValue } from "convex/values";

export interface Identity {
  /** What `getUserIdentity` returns. */
  attributes: Record<string, JSONValue>;
  /** The raw JWT; `null` for identities that an admin acts as. */
  token: string | null;
  /** When the token ends, in milliseconds since the epoch. */
  expiresAt: number | null;
}

/** OpenID claim → field of `UserIdentity`. Other claims keep their name. */
const CLAIM_NAMES = new Map([
  ["sub", "subject"],
  ["iss", "issuer"],
  ["name", "name"],
  ["given_name", "givenName"],
  ["family_name", "familyName"],
  ["nickname", "nickname"],
  ["preferred_username", "preferredUsername"],
  ["profile", "profileUrl"],
  ["picture", "pictureUrl"],
  ["email", "email"],
  ["email_verified", "emailVerified"],
  ["gender", "gender"],
  ["birthdate", "birthday"],
  ["zoneinfo", "timezone"],
  ["locale", "language"],
  ["phone_number", "phoneNumber"],
  ["phone_number_verified", "phoneNumberVerified"],
  ["address", "address"],
  ["updated_at", "updatedAt"],
]);

/** Registered claims about the token itself, which are no attributes of the user. */
const TOKEN_CLAIMS = new Set(["aud", "exp", "iat", "nbf", "jti"]);

/** The claims of a token that was verified, which has an issuer and a subject. */
export interface Claims {
  iss: string;
  sub: string;
  [claim: string]: JSONValue;
}

export function identityOfClaims(claims: Claims, token: string): Identity {
  const attributes: Record<string, JSONValue> = {
    tokenIdentifier: `${claims.iss}|${claims.sub}`,
  };
  for (const [claim, value] of Object.entries(claims)) {
    if (TOKEN_CLAIMS.has(claim)) continue;
    attributes[CLAIM_NAMES.get(claim) ?? claim] = value;
  }
  const expiry = claims["exp"];
  return { attributes, token, expiresAt: typeof expiry === "number" ? expiry * 1000 : null };
}
