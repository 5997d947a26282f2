/**
 * Notices that a server on this machine is dead though its parent process lives. `partykit dev` says nothing and does
 * nothing when its workerd is killed (out of memory, or by hand): the page then waits for ever for rooms that nobody
 * serves.
 */
import { connect } from "node:net";

const POLL_MS = 500;
/** A reload of the rooms' code closes the port for less than a second on a slow machine. */
const DEAD_AFTER_MS = 5_000;

export type Attempt = "accepted" | "refused" | "unclear";

/**
 * When a port that was open once has been closed for long enough. `refusedSince` is `null` while it is open, and
 * undefined before it was. A server that is only slow accepts or times out, which says nothing.
 */
export function judge(
  refusedSince: number | null | undefined,
  attempt: Attempt,
  now: number,
): { refusedSince: number | null | undefined; isDead: boolean } {
  if (attempt === "accepted") return { refusedSince: null, isDead: false };
  if (attempt === "unclear" || refusedSince === undefined) return { refusedSince, isDead: false };
  const since = refusedSince ?? now;
  return { refusedSince: since, isDead: now - since >= DEAD_AFTER_MS };
}

/** Resolves when the server on `port` is dead. Never resolves after `signal` was aborted. */
export async function death(port: number, signal: AbortSignal): Promise<void> {
  let refusedSince: number | null | undefined;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (signal.aborted) return new Promise(() => undefined);
    const judgement = judge(refusedSince, await attemptTo(port), Date.now());
    if (judgement.isDead) return;
    ({ refusedSince } = judgement);
  }
}

function attemptTo(port: number): Promise<Attempt> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: 2_000 });
    const conclude = (attempt: Attempt) => {
      socket.destroy();
      resolve(attempt);
    };
    socket.once("connect", () => conclude("accepted"));
    socket.once("timeout", () => conclude("unclear"));
    socket.once("error", ({ code }: NodeJS.ErrnoException) => {
      conclude(code === "ECONNREFUSED" ? "refused" : "unclear");
    });
  });
}
