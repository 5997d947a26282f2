/**
 * What people read when something did not work: what happened, and what to do about it.
 *
 * `failureOf` sorts whatever a Convex call or the network threw into a few kinds; `explain` has a sentence for
 * each. A caller that knows more about what was attempted passes its own words for single kinds.
 */
import { ConvexError } from "convex/values";
import type { ErrorCode } from "../../protocol/errors";

export type Failure =
  /** The backend answered no, with one of the agreed codes. */
  | { kind: "refused"; code: ErrorCode }
  /** Nobody answered: no network, or the backend is down. */
  | { kind: "unreachable" }
  /** A part of the page itself could not be fetched, for example after a new version was published. */
  | { kind: "page-part-missing" }
  /** Anything else: a fault in Ripple. */
  | { kind: "unexpected" };

export interface Explanation {
  /** What happened, as a full sentence. */
  what: string;
  /** What to do now, as a full sentence. */
  next: string;
}

/** The words for each kind of failure; a refusal is filed under its code. */
export type Explanations = Record<ErrorCode | Exclude<Failure["kind"], "refused">, Explanation>;

const REFUSALS: Record<ErrorCode, Explanation> = {
  unauthenticated: {
    what: "You are signed out.",
    next: "Sign in again to go on.",
  },
  forbidden: {
    what: "You don’t have access to this.",
    next: "Ask an owner to share it with the email address you sign in with.",
  },
  not_found: {
    what: "This doesn’t exist any more.",
    next: "It may have been deleted. Go back to your workspace to find something else.",
  },
  invalid: {
    what: "That was not accepted.",
    next: "Check what you entered and try again.",
  },
  trashed: {
    what: "This is in the trash.",
    next: "Restore it from the trash first.",
  },
  limit: {
    what: "There can’t be more of these.",
    next: "Remove one that is not needed any more, then try again.",
  },
};

const EXPLANATIONS: Explanations = {
  ...REFUSALS,
  unreachable: {
    what: "Ripple can’t reach its server.",
    next: "Check your internet connection, then try again.",
  },
  "page-part-missing": {
    what: "Part of this page could not be loaded.",
    next: "Check your internet connection, then reload the page.",
  },
  unexpected: {
    what: "Something went wrong on our side.",
    next: "Try again. If it keeps happening, reload the page.",
  },
};

/**
 * Messages of the Convex client, of `fetch` and of dynamic `import()` in Chromium, Firefox and Safari. They have
 * no type of their own to test for.
 */
const MISSING_PART = /dynamically imported module|importing a module script failed|unable to preload/i;
const NO_ANSWER =
  /connection lost|failed to fetch|networkerror|network request failed|load failed|timed out/i;

// The codes are read off the table above, not off the schema in `protocol/`: the shell needs no zod otherwise.
function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(REFUSALS, code);
}

/** The code in the `data` of a ConvexError that this application throws, or null. */
function refusalCode(error: unknown): ErrorCode | null {
  if (!(error instanceof ConvexError)) return null;
  const data: unknown = error.data;
  if (typeof data !== "object" || data === null || !("code" in data)) return null;
  return isErrorCode(data.code) ? data.code : null;
}

export function failureOf(error: unknown): Failure {
  const code = refusalCode(error);
  if (code !== null) return { kind: "refused", code };
  const message = error instanceof Error ? error.message : "";
  if (MISSING_PART.test(message)) return { kind: "page-part-missing" };
  if (NO_ANSWER.test(message)) return { kind: "unreachable" };
  return { kind: "unexpected" };
}

/** The sentences for `error`; `inThisCase` replaces the general ones where the caller knows better. */
export function explain(error: unknown, inThisCase: Partial<Explanations> = {}): Explanation {
  const failure = failureOf(error);
  const key = failure.kind === "refused" ? failure.code : failure.kind;
  return inThisCase[key] ?? EXPLANATIONS[key];
}
