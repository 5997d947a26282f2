/**
 * One running function. Functions share a process, so what belongs to one of them (its transaction, identity,
 * log lines) is found through the asynchronous context that it runs in.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { RowSource } from "../query/query_stream";
import type { Transaction } from "../store/transaction";
import type { Caller } from "./caller";
import type { LogLines } from "./log_lines";

export type FunctionKind = "query" | "mutation" | "action" | "httpAction";

/** The end of a page on its first run, and what this run ended with. */
export interface Journal {
  previous: string | null;
  current: string | null;
}

export interface Execution {
  kind: FunctionKind;
  /** `dir/module:name`, or the route of an HTTP action. */
  path: string;
  caller: Caller;
  log: LogLines;
  /** Of queries and mutations; nested calls share their caller's. */
  transaction: Transaction | null;
  journal: Journal;
  /** What `Date.now()` says in a query or mutation: the time does not pass inside a transaction. */
  startedAt: number;
  streams: Map<number, RowSource>;
  nextStream: number;
  /** Settles when nested mutations that are under way have ended; the transaction belongs to them until then. */
  nested: Promise<void>;
  ended: boolean;
  /** The function that called this one in the same transaction. When it has ended, so has this one. */
  parent: Execution | null;
}

const current = new AsyncLocalStorage<Execution | "loading">();

/** Runs a function's code as this execution. */
export function runAs<T>(execution: Execution, body: () => T): T {
  return current.run(execution, body);
}

/** Evaluates modules: what they may use is what functions may use, except the database. */
export function runAsLoading<T>(body: () => T): T {
  return current.run("loading", body);
}

/** Runs the server's own code from inside a function's context. */
export function runOutside<T>(body: () => T): T {
  return current.exit(body);
}

export function currentExecution(): Execution | "loading" | null {
  return current.getStore() ?? null;
}

export function isTransactional(execution: Execution): boolean {
  return execution.kind === "query" || execution.kind === "mutation";
}
