/**
 * Which writers of a copy are alive, and whether anybody has it open. Each writer holds a Web Lock of its own, and one
 * that it shares with the others; the browser takes them away when the tab is closed, crashes or is killed. Outside
 * secure contexts there are no locks, and every other writer counts as dead.
 */

/** Resolves when the lock is held, with how to let go of it. */
export function holdLock(name: string, mode: LockMode = "exclusive"): Promise<() => void> {
  if (!("locks" in navigator)) return Promise.resolve(() => undefined);
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { mode }, () => new Promise<void>((release) => resolve(release)))
      .catch((error: unknown) => reject(error instanceof Error ? error : new Error(String(error))));
  });
}

/** Does `work` while nobody holds the lock, and nobody can; `null`, without doing it, when somebody does. */
export async function unlessHeld<T>(name: string, work: () => Promise<T>): Promise<T | null> {
  if (!("locks" in navigator)) return work();
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock === null ? null : work()));
}

/** The names of all locks that are held in this browser profile. */
export async function heldLocks(): Promise<Set<string>> {
  if (!("locks" in navigator)) return new Set();
  const { held } = await navigator.locks.query();
  return new Set(held?.map(({ name }) => name ?? ""));
}
