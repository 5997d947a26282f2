/** The shape of a system call: JSON text in, JSON text out, as `convex/server/impl/syscall.ts` sends it. */
import type { z } from "zod";
import type { Execution } from "./execution";
import type { Transaction } from "../store/transaction";

export type AsyncSyscall = (execution: Execution, args: string) => Promise<string> | string;
export type SyncSyscall = (execution: Execution, args: string) => string;
export type AsyncSyscalls = Record<string, AsyncSyscall>;
export type SyncSyscalls = Record<string, SyncSyscall>;

/** A system call whose arguments are parsed first. */
export function syscall<Schema extends z.ZodType, Result>(
  schema: Schema,
  handler: (execution: Execution, args: z.infer<Schema>) => Result,
): (execution: Execution, args: string) => Result {
  return (execution, args) => handler(execution, schema.parse(JSON.parse(args)));
}

/** The transaction that a query or mutation runs in. */
export function transactionOf(execution: Execution, operation: string): Transaction {
  if (execution.transaction === null) {
    throw new Error(
      `${operation} is only possible in queries and mutations, and ${execution.path} is neither.`,
    );
  }
  return execution.transaction;
}
