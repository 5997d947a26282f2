import { ConvexError } from "convex/values";
import { decodeJwt } from "jose";
import { ErrorData } from "../../protocol/errors";
import type { TokenAnswer } from "./connection-policy";

/** Asks Convex for a token; rejects as the Convex client does. */
export type TokenCall = () => Promise<{ token: string }>;

/**
 * Makes a token source of a token call: it never rejects, gives up after `limitMs`, and has one call in flight at
 * most. While Convex is out of reach its client queues calls, so an attempt that comes after a time-out joins
 * the call that is still queued; its token, once it arrives, is new.
 *
 * A session with unsaved edits waits for a connection even after its page is left, and Convex answers as whoever
 * is signed in by then. A token for anybody but `userId` counts as signed out: nobody writes in another's name.
 */
export function tokenSource(call: TokenCall, limitMs: number, userId: string): () => Promise<TokenAnswer> {
  let inFlight: Promise<TokenAnswer> | null = null;
  return () => {
    inFlight ??= answerOf(call, userId).finally(() => {
      inFlight = null;
    });
    return withinLimit(inFlight, limitMs);
  };
}

async function answerOf(call: TokenCall, userId: string): Promise<TokenAnswer> {
  try {
    const { token } = await call();
    return decodeJwt(token).sub === userId
      ? { kind: "token", token }
      : { kind: "refused", code: "unauthenticated" };
  } catch (error) {
    // Only an error that Convex's own function threw says anything about the person. A lost connection, an
    // internal error or an answer of another shape means "not now".
    const refusal = error instanceof ConvexError ? ErrorData.safeParse(error.data) : null;
    return refusal?.success ? { kind: "refused", code: refusal.data.code } : { kind: "unavailable" };
  }
}

function withinLimit(answer: Promise<TokenAnswer>, limitMs: number): Promise<TokenAnswer> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: "unavailable" }), limitMs);
    void answer.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
