/**
 * Which writers of a copy are alive. Each holds a Web Lock of its own, which the browser takes away when the tab
 * is closed, crashes or is killed. Outside secure contexts there are no locks, and every other writer counts as
 * dead.
 */

/** Resolves when the lock is held, with how to let go of it. */
export function holdLock(name: string): Promise<() => void> {
  if (!("locks" in navigator)) return Promise.resolve(() => undefined);
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, () => new Promise<void>((release) => resolve(release)))
      .catch((error: unknown) => reject(error instanceof Error ? error : new Error(String(error))));
  });
}

/** The names of all locks that are held in this browser profile. */
export async function heldLocks(): Promise<Set<string>> {
  if (!("locks" in navigator)) return new Set();
  const { held } = await navigator.locks.query();
  return new Set(held?.map(({ name }) => name ?? ""));
}
