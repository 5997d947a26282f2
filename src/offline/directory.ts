/**
 * The directory of a person's local copies: one record for each room that has one on this device. A record is
 * written before what it speaks of: `unsynced` before the edit is stored, so that whatever a crash leaves behind,
 * an edit that is only here is known to be.
 */
import type { Role } from "../../protocol/roles";
import type { ResourceKind } from "../../protocol/rooms";
import { openDatabase, transact } from "./database";
import { directoryName } from "./names";

const VERSION = 2;
const COPIES = "copies";
const SET_ASIDE = "set-aside";

export interface CopyRecord {
  roomId: string;
  /** As last known. */
  title: string;
  /** `null` until a page of the room has said it: the room may have been opened before its page. */
  role: Role | null;
  /** Milliseconds since 1970. */
  lastOpened: number;
  /** About how much the copy takes. */
  bytes: number;
  /** The room's whole content has been here once: from then on, empty means empty. */
  known: boolean;
  /**
   * Edits that are not known to be on the room's disk: by writer (the client id of a Y.Doc), the clock of the
   * first. A writer takes its own entry away, or after its death whoever has delivered its edits.
   */
  unsynced: Record<string, number>;
}

/** Whether a copy could go without a loss: what is in it, the room has too. */
export function isSynced({ unsynced }: CopyRecord): boolean {
  return Object.keys(unsynced).length === 0;
}

/** Edits that could not be applied any more, kept for their author. */
export interface SetAside {
  /** The same for the same edits, whichever tab comes first. */
  id: string;
  kind: ResourceKind;
  title: string;
  reason: "read-only" | "no-access" | "gone";
  /** Milliseconds since 1970. */
  at: number;
  /** A Yjs update (V1) that makes a document of its own, with only what was changed. */
  content: Uint8Array;
}

export class Directory {
  readonly #db: IDBDatabase;

  private constructor(db: IDBDatabase) {
    this.#db = db;
  }

  static async open(userId: string): Promise<Directory> {
    const db = await openDatabase(directoryName(userId), VERSION, (old) => {
      if (!old.objectStoreNames.contains(COPIES)) old.createObjectStore(COPIES, { keyPath: "roomId" });
      if (!old.objectStoreNames.contains(SET_ASIDE)) old.createObjectStore(SET_ASIDE, { keyPath: "id" });
    });
    const forget = () => {
      db.close();
      directories.delete(userId);
    };
    // Deleted from another tab, or cleared by the person in the browser's settings.
    db.onversionchange = forget;
    db.onclose = forget;
    return new Directory(db);
  }

  records(): Promise<CopyRecord[]> {
    return transact(this.#db, [COPIES], "readonly", (transaction) => {
      const request = transaction.objectStore(COPIES).getAll() as IDBRequest<CopyRecord[]>;
      return () => request.result;
    });
  }

  record(roomId: string): Promise<CopyRecord | undefined> {
    return transact(this.#db, [COPIES], "readonly", (transaction) => {
      const request = transaction.objectStore(COPIES).get(roomId) as IDBRequest<CopyRecord | undefined>;
      return () => request.result;
    });
  }

  /** Changes one record, or makes it, in one step: other tabs change it too. `null` leaves it as it is. */
  change(roomId: string, edit: (record: CopyRecord | undefined) => CopyRecord | null): Promise<void> {
    return transact(this.#db, [COPIES], "readwrite", (transaction) => {
      const store = transaction.objectStore(COPIES);
      const request = store.get(roomId) as IDBRequest<CopyRecord | undefined>;
      request.onsuccess = () => {
        const changed = edit(request.result);
        if (changed !== null) store.put(changed);
      };
      return () => undefined;
    });
  }

  remove(roomId: string): Promise<void> {
    return transact(this.#db, [COPIES], "readwrite", (transaction) => {
      transaction.objectStore(COPIES).delete(roomId);
      return () => undefined;
    });
  }

  /** Removes a record, unless its copy holds edits that may be nowhere else. Resolves with whether it did. */
  removeIfSynced(roomId: string): Promise<boolean> {
    return transact(this.#db, [COPIES], "readwrite", (transaction) => {
      const store = transaction.objectStore(COPIES);
      const request = store.get(roomId) as IDBRequest<CopyRecord | undefined>;
      let removed = false;
      request.onsuccess = () => {
        removed = request.result !== undefined && isSynced(request.result);
        if (removed) store.delete(roomId);
      };
      return () => removed;
    });
  }

  setAsides(): Promise<SetAside[]> {
    return transact(this.#db, [SET_ASIDE], "readonly", (transaction) => {
      const request = transaction.objectStore(SET_ASIDE).getAll() as IDBRequest<SetAside[]>;
      return () => request.result;
    });
  }

  setAside(edits: SetAside): Promise<void> {
    return transact(this.#db, [SET_ASIDE], "readwrite", (transaction) => {
      transaction.objectStore(SET_ASIDE).put(edits);
      return () => undefined;
    });
  }

  discard(id: string): Promise<void> {
    return transact(this.#db, [SET_ASIDE], "readwrite", (transaction) => {
      transaction.objectStore(SET_ASIDE).delete(id);
      return () => undefined;
    });
  }
}

const directories = new Map<string, Promise<Directory>>();

/** The page's one connection to a person's directory. Rejects where the browser keeps nothing (private mode). */
export function directoryOf(userId: string): Promise<Directory> {
  let directory = directories.get(userId);
  if (directory === undefined) {
    directory = Directory.open(userId);
    directories.set(userId, directory);
    // The next who asks tries again.
    directory.catch(() => directories.delete(userId));
  }
  return directory;
}
