/** How a function call ended, for whoever answers a client. */
import type { FunctionFailure } from "./function_error";

export interface FailedOutcome {
  kind: "failure";
  failure: FunctionFailure;
  log: readonly string[];
}

export type FunctionOutcome =
  { kind: "success"; /** Convex JSON text. */ value: string; log: readonly string[] } | FailedOutcome;

export type QueryOutcome = FunctionOutcome & { journal: string | null };

/** `timestamp`: of the commit, after which every snapshot shows the mutation's writes. */
export type MutationOutcome =
  { kind: "success"; value: string; log: readonly string[]; timestamp: bigint } | FailedOutcome;
