/** Ends the wait for a function that takes too long. Its code may linger, but every system call of it fails. */
import type { Execution } from "./execution";
import { original } from "./sandbox";

export async function within<T>(limitMs: number, execution: Execution, body: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = original.setTimeout(() => {
      execution.ended = true;
      reject(new Error(`Function execution timed out (maximum duration: ${limitMs / 1000}s)`));
    }, limitMs);
  });
  try {
    return await Promise.race([body(), late]);
  } finally {
    original.clearTimeout(timer);
  }
}
