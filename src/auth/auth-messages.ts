import { explain, failureOf, type Explanation } from "../app/messages";
import type { AuthMode } from "./credentials";

const WRONG_CREDENTIALS: Explanation = {
  what: "Email address and password don’t match an account.",
  next: "Check both, or create an account if you don’t have one yet.",
};
const ACCOUNT_EXISTS: Explanation = {
  what: "There is already an account with this email address.",
  next: "Sign in with it instead.",
};
const TOO_MANY_ATTEMPTS: Explanation = {
  what: "There were too many attempts with this account.",
  next: "Wait a few minutes, then try again.",
};
const NOT_SIGNED_IN: Explanation = {
  what: "Signing in didn’t work.",
  next: "Check your email address and password, then try again.",
};
const NOT_CREATED: Explanation = {
  what: "The account could not be created.",
  next: "If you already have one with this email address, sign in instead.",
};

/**
 * The sentences for a failed sign-in. The auth library throws plain errors; their text reaches the page in
 * development only, while a production deployment says "Server Error" for all of them. Hence the last case.
 */
export function explainAuthFailure(mode: AuthMode, error: unknown): Explanation {
  const failure = failureOf(error);
  const text = error instanceof Error ? error.message : "";
  if (/InvalidAccountId|InvalidSecret|Invalid credentials/.test(text)) return WRONG_CREDENTIALS;
  if (/TooManyFailedAttempts/.test(text)) return TOO_MANY_ATTEMPTS;
  if (/already exists/.test(text)) return ACCOUNT_EXISTS;
  const general = mode === "create" ? NOT_CREATED : NOT_SIGNED_IN;
  if (failure.kind === "unexpected") return general;
  return explain(error, { unauthenticated: WRONG_CREDENTIALS, invalid: general, forbidden: general });
}
