/**
 * Fetching the session's token, however long it takes. Convex's client stops its socket before it asks for a new token
 * and starts it again with the answer. If the call failed instead, as it does when the network drops at that moment,
 * the socket would stay stopped until the page is reloaded (convex 1.48).
 */
import type { AuthTokenFetcher } from "convex/react";

/** Waits between two attempts are spread evenly from the first to the last of these. */
export const RETRY_MIN_MS = 1_000;
export const RETRY_MAX_MS = 15_000;

export interface Patience {
  /** Whether anybody still waits for this session's token. */
  isWanted: () => boolean;
  /** Calls `wake` when another attempt may be worth while; returns how to stop that. */
  onWake: (wake: () => void) => () => void;
}

/** The same fetcher, which tries again until it has an answer, yes or no. `null` once nobody wants one. */
export function patient(fetchToken: AuthTokenFetcher, { isWanted, onWake }: Patience): AuthTokenFetcher {
  return async (options) => {
    while (isWanted()) {
      try {
        return await fetchToken(options);
      } catch (error) {
        console.warn("The session could not be renewed and is tried again:", error);
        await pause(RETRY_MIN_MS + Math.random() * (RETRY_MAX_MS - RETRY_MIN_MS), onWake);
      }
    }
    return null;
  };
}

function pause(ms: number, onWake: Patience["onWake"]): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(end, ms);
    const stop = onWake(end);
  });
}
