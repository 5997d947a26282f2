import type { IndexeddbPersistence } from "y-indexeddb";

/**
 * Resolves when what the database holds is in the document. Rejects when it cannot be read, or goes away
 * meanwhile, of which y-indexeddb says nothing.
 */
export async function whenRead(persistence: IndexeddbPersistence, db: IDBDatabase): Promise<void> {
  const done = new AbortController();
  const unread = new Promise<never>((_resolve, reject) => {
    const listen = (event: string, error: Error) =>
      db.addEventListener(event, () => reject(error), { signal: done.signal });
    listen("abort", new Error("the local copy could not be read"));
    // `keepsNothing` (troubles.ts): another tab has deleted it, or the person cleared the browser's data.
    for (const event of ["versionchange", "close"]) {
      listen(event, new DOMException("the local copy was taken away", "InvalidStateError"));
    }
  });
  try {
    await Promise.race([persistence.whenSynced, unread]);
  } finally {
    done.abort();
  }
}
