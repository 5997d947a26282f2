/** IndexedDB with promises. What goes wrong rejects with the browser's own error: each caller has another answer. */

/** Opens a database, which `upgrade` gives the stores that it lacks when it is new or of an older version. */
export function openDatabase(
  name: string,
  version: number,
  upgrade: (db: IDBDatabase) => void,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error(`${name} could not be opened`));
  });
}

/**
 * Runs `work` in one transaction. What it returns is called for the result once all of it is on the disk:
 * `strict`, because browsers otherwise call complete what a power cut still loses. What the backend has anyway is
 * `relaxed`: a flush of the disk would hold up what matters.
 */
export function transact<T>(
  db: IDBDatabase,
  stores: string[],
  mode: "readonly" | "readwrite",
  work: (transaction: IDBTransaction) => () => T,
  durability: "strict" | "relaxed" = "strict",
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(stores, mode, { durability });
    const result = work(transaction);
    transaction.oncomplete = () => resolve(result());
    transaction.onabort = () => reject(transaction.error ?? new Error("a transaction was aborted"));
  });
}

/** Deletes a database, also one that other tabs have open: theirs are closed by the event that tells them. */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error(`${name} could not be deleted`));
  });
}
