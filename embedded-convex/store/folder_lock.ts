/**
 * One server at a time on a data folder: two would each keep their own clock and catalog in memory over the same
 * file. SQLite's lock on a file of its own belongs to the process, so it ends with it, whatever way it ends.
 */
import Database from "libsql";
import { join } from "node:path";

/** Returns what releases the lock. Throws when another process has it. */
export function lockFolder(directory: string): () => void {
  const lock = new Database(join(directory, "lock"), { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    throw new Error(`The data folder ${directory} is used by another embedded Convex. Stop that one first.`, {
      cause: error,
    });
  }
  return () => lock.close();
}
