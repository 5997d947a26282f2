/** The global `Convex`, through which the `convex` package reaches the backend (convex/server/impl/syscall.ts). */
import { z } from "zod";
import { unsupported } from "../values/unsupported";
import { currentExecution, runOutside, type Execution } from "./execution";
import { getBlob, storeBlob, type StorageHost } from "./storage_syscalls";
import type { AsyncSyscalls, SyncSyscalls } from "./syscall";

export interface SyscallTables {
  sync: SyncSyscalls;
  async: AsyncSyscalls;
  storage: StorageHost;
}

const StoreBlob = z.object({
  blob: z.instanceof(Blob),
  options: z.object({ sha256: z.string().optional() }).optional(),
});
const GetBlob = z.object({ storageId: z.string() });

export function installSyscalls({ sync, async, storage }: SyscallTables): void {
  const convex = {
    syscall(operation: string, args: string): string {
      const execution = running(operation);
      const handler = sync[operation];
      if (handler === undefined) throw unsupported(`the operation "${operation}"`);
      return handler(execution, args);
    },
    async asyncSyscall(operation: string, args: string): Promise<string> {
      const execution = running(operation);
      const handler = async[operation];
      if (handler === undefined) throw unsupported(`the operation "${operation}"`);
      // While a nested mutation runs the transaction is its own: what it writes may have to be undone alone.
      if (execution.kind === "mutation" && operation !== "1.0/runUdf") await execution.nested;
      return await runOutside(() => handler(execution, args));
    },
    async jsSyscall(operation: string, args: unknown): Promise<unknown> {
      running(operation);
      switch (operation) {
        case "storage/storeBlob": {
          const { blob, options } = StoreBlob.parse(args);
          return await runOutside(() => storeBlob(storage, blob, options?.sha256));
        }
        case "storage/getBlob": {
          const { storageId } = GetBlob.parse(args);
          return runOutside(() => getBlob(storage, storageId));
        }
        default:
          throw unsupported(`the operation "${operation}"`);
      }
    },
  };
  Object.defineProperty(globalThis, "Convex", { value: convex, configurable: true });
}

function running(operation: string): Execution {
  const execution = currentExecution();
  if (execution === null || execution === "loading") {
    throw new Error(
      `${operation} outside of a function: queries, mutations and actions only work inside handlers.`,
    );
  }
  for (let each: Execution | null = execution; each !== null; each = each.parent) {
    if (!each.ended) continue;
    throw new Error(`${each.path} has ended: await every call before the function returns.`);
  }
  return execution;
}
