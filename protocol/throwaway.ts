/**
 * Throw-away accounts: the smoke test signs people up with addresses in this domain and has them removed afterwards,
 * with everything of theirs. `.invalid` is reserved (RFC 6761): nobody can have an address there.
 */
export const THROWAWAY_EMAIL_DOMAIN = "smoke.invalid";
