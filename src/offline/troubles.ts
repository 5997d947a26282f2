/**
 * What this device could not keep since the page was opened. The status counts it for a bug report; whoever notes it
 * has an answer of its own to the failure.
 */
import { useSyncExternalStore } from "react";

export interface Troubles {
  /** No space was left. */
  full: number;
  /** Anything else went wrong. */
  failed: number;
}

let troubles: Troubles = { full: 0, failed: 0 };
const listeners = new Set<() => void>();

/** Counts `error`, unless it only says that this browser keeps nothing: the status says that all the time. */
export function noteTrouble(what: string, error: unknown): void {
  if (keepsNothing(error)) return;
  console.warn(`${what}:`, error);
  troubles = isOutOfSpace(error)
    ? { ...troubles, full: troubles.full + 1 }
    : { ...troubles, failed: troubles.failed + 1 };
  listeners.forEach((listener) => listener());
}

export function useTroubles(): Troubles {
  return useSyncExternalStore(subscribe, () => troubles);
}

export function isOutOfSpace(error: unknown): boolean {
  return nameOf(error) === "QuotaExceededError";
}

/**
 * Private windows and blocked site data refuse every database (`SecurityError`, older ones `InvalidStateError`), and so
 * does a connection that was closed because its database has been deleted: in none of these is there anything to lose.
 */
export function keepsNothing(error: unknown): boolean {
  return ["SecurityError", "InvalidStateError"].includes(nameOf(error));
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
