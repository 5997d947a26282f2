/**
 * The copy of a room's content on this device, per person: opened at once, kept up to date, and honest about what
 * it has. y-indexeddb stores and loads; this decides when, and finds out whether it worked:
 *
 *  - y-indexeddb writes inside the event of each update and reports neither success nor failure. Here its listener
 *    is taken off, and updates are handed to it one batch at a time: what comes while one is written is the next.
 *  - A batch is kept when a later transaction over the same store has completed and none was aborted in between.
 *    Transactions that overlap run in order, and an abort is an event that rises to the database.
 *  - Before the first edit after a quiet time is stored, the directory is told that this writer has some
 *    (`directory.ts`). A crash can leave a note without an edit, never an edit without a note.
 *  - When the browser keeps nothing (private mode, no space left, data cleared), the copy says so and gives up:
 *    nothing is promised from then on.
 */
import { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";
import type { Role } from "../../protocol/roles";
import { transact } from "./database";
import { directoryOf, type CopyRecord, type Directory } from "./directory";
import { copyName, writerLock } from "./names";
import { heldLocks, holdLock } from "./writers";

/** A copy that has not been read after this long is done without. */
export const LOAD_LIMIT_MS = 3_000;

/** What others write is safe on the server, and is gathered for so long before it is stored here. */
const GATHER_REMOTE_MS = 500;

const UPDATES = "updates";
const CUSTOM = "custom";

export interface LoadedCopy {
  /** The room's content was known here: what is in the document now may be shown and edited. */
  known: boolean;
  /** It holds edits that are not known to be on the room's disk. */
  unsynced: boolean;
}

export interface LocalCopy {
  /** What was there, once it is in the document. Never rejects, and does not take long. */
  readonly loaded: Promise<LoadedCopy>;
  /** Whether a transaction with this origin only brought what was stored. */
  isSource: (origin: unknown) => boolean;
  /** Whether everything that was edited here is on this device's disk. */
  isKept: () => boolean;
  /** The document now holds the room's content, whatever it held before. */
  setKnown: () => void;
  /** Everything that was edited here is on the room's disk. */
  setSynced: () => void;
  /** What the directory says of the room. */
  describe: (facts: Partial<CopyFacts>) => void;
  close: () => void;
}

export type CopyFacts = Pick<CopyRecord, "title" | "role">;

export interface CopyOptions {
  userId: string;
  roomId: string;
  doc: Y.Doc;
  /** Whether a transaction with this origin was made by the person in this tab. */
  isOwn: (origin: unknown) => boolean;
  /** `isKept` may answer differently. */
  onChange: () => void;
}

interface Place {
  directory: Directory;
  persistence: IndexeddbPersistence;
  db: IDBDatabase;
}

interface Waiting {
  update: Uint8Array;
  own: boolean;
}

const NOTHING: LoadedCopy = { known: false, unsynced: false };

export function openLocalCopy(options: CopyOptions): LocalCopy {
  return new IndexedDbCopy(options);
}

class IndexedDbCopy implements LocalCopy {
  readonly loaded: Promise<LoadedCopy>;
  readonly #options: CopyOptions;
  readonly #writer: string;
  #place: Place | null = null;
  #closed = false;
  #onLeave: (() => void)[] = [];
  #queue: Waiting[] = [];
  #working = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Own edits made, and stored. */
  #edited = 0;
  #kept = 0;
  /** There are own edits that the room may not have; the directory says so. */
  #dirty = false;
  #noted = false;
  /** Writers whose edits are in what was loaded and who do not live any more. */
  #dead: string[] = [];
  #synced = false;
  #facts: { title?: string; role?: Role } = {};
  #known = false;
  #recorded = "";
  #bytes = 0;

  constructor(options: CopyOptions) {
    this.#options = options;
    this.#writer = String(options.doc.clientID);
    options.doc.on("update", this.#onUpdate);
    this.loaded = this.#load();
  }

  isSource(origin: unknown): boolean {
    return origin instanceof IndexeddbPersistence;
  }

  isKept(): boolean {
    return this.#place !== null && this.#kept === this.#edited;
  }

  setKnown(): void {
    this.#known = true;
    this.#work();
  }

  setSynced(): void {
    this.#dirty = false;
    this.#synced = true;
    this.#work();
  }

  describe(facts: Partial<CopyFacts>): void {
    this.#facts = { ...this.#facts, ...facts };
    this.#work();
  }

  close(): void {
    this.#closed = true;
    this.#options.doc.off("update", this.#onUpdate);
    this.#leave();
  }

  async #load(): Promise<LoadedCopy> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error("the local copy takes too long")), LOAD_LIMIT_MS);
    });
    try {
      return await Promise.race([this.#open(), late]);
    } catch {
      // Nothing can be kept on this device, which the status says; the room has what was saved.
      this.#closed = true;
      return this.#leave();
    } finally {
      clearTimeout(timer);
    }
  }

  async #open(): Promise<LoadedCopy> {
    const { userId, roomId, doc } = this.#options;
    const lock = (writer: string) => writerLock(userId, roomId, writer);
    const directory = await directoryOf(userId);
    this.#onLeave.push(await holdLock(lock(this.#writer)));
    // Read before the content: whoever is dead by then has stored everything that it ever will.
    const record = await directory.record(roomId);
    const held = await heldLocks();
    if (this.#isClosed()) return this.#leave();
    const persistence = new IndexeddbPersistence(copyName(userId, roomId), doc);
    doc.off("update", persistence._storeUpdate);
    const db = await persistence._db;
    this.#onLeave.push(() => void persistence.destroy());
    const aborted = new Promise<never>((_resolve, reject) => {
      db.addEventListener("abort", () => reject(new Error("the local copy could not be read")), {
        once: true,
      });
    });
    await Promise.race([persistence.whenSynced, aborted]);
    if (this.#isClosed()) return this.#leave();
    this.#place = { directory, persistence, db };
    for (const gone of ["abort", "versionchange", "close"]) db.addEventListener(gone, this.#onLost);
    this.#known = record?.known ?? false;
    this.#dead = Object.keys(record?.unsynced ?? {}).filter((writer) => !held.has(lock(writer)));
    this.#work();
    return { known: this.#known, unsynced: this.#dead.length > 0 };
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (this.isSource(origin)) {
      // All that was stored comes as one update.
      if (this.#place === null) this.#bytes = update.byteLength;
      return;
    }
    if (this.#closed) return;
    const own = this.#options.isOwn(origin);
    if (own) {
      this.#edited += 1;
      this.#dirty = true;
    }
    this.#queue.push({ update, own });
    if (own) this.#work();
    else this.#timer ??= setTimeout(() => this.#work(), GATHER_REMOTE_MS);
  };

  readonly #onLost = (): void => {
    this.#closed = true;
    this.#leave();
    this.#options.onChange();
  };

  /** One thing after the other, until there is nothing to do. */
  #work(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const place = this.#place;
    const next = this.#working || place === null ? null : this.#next(place);
    if (next === null) return;
    this.#working = true;
    next.then(
      () => {
        this.#working = false;
        this.#work();
      },
      () => {
        this.#working = false;
        if (!this.#closed) this.#onLost();
      },
    );
  }

  #next(place: Place): Promise<void> | null {
    if (this.#queue.length > 0) return this.#store(place);
    if (!this.#known) return null;
    if ((this.#noted && !this.#dirty) || (this.#synced && this.#dead.length > 0))
      return this.#clearNote(place);
    return JSON.stringify(this.#facts) === this.#recorded ? null : this.#record(place);
  }

  async #store({ directory, persistence, db }: Place): Promise<void> {
    const batch = this.#queue;
    this.#queue = [];
    const own = batch.filter((waiting) => waiting.own);
    if (own.length > 0 && !this.#noted) await this.#note(directory, own);
    const update = Y.mergeUpdates(batch.map((waiting) => waiting.update));
    persistence._storeUpdate(update, null);
    this.#bytes += update.byteLength;
    await transact(db, [UPDATES, CUSTOM], "readwrite", (transaction) => {
      // Something has to be written, or there is nothing to wait for.
      transaction.objectStore(CUSTOM).put(this.#bytes, "bytes");
      return () => undefined;
    });
    if (this.#place === null || own.length === 0) return;
    this.#kept += own.length;
    this.#options.onChange();
  }

  async #note(directory: Directory, own: Waiting[]): Promise<void> {
    const { roomId, doc } = this.#options;
    const { from } = Y.parseUpdateMeta(Y.mergeUpdates(own.map(({ update }) => update)));
    const clock = from.get(doc.clientID) ?? Y.getState(doc.store, doc.clientID);
    await directory.change(roomId, (record) => {
      const before = record ?? this.#newRecord();
      return { ...before, unsynced: { ...before.unsynced, [this.#writer]: clock } };
    });
    this.#noted = true;
  }

  async #clearNote({ directory }: Place): Promise<void> {
    const delivered = this.#synced ? [...this.#dead] : [];
    if (!this.#dirty) delivered.push(this.#writer);
    this.#dead = [];
    this.#noted = false;
    await directory.change(this.#options.roomId, (record) => {
      if (record === undefined) return null;
      const left = Object.entries(record.unsynced).filter(([writer]) => !delivered.includes(writer));
      return { ...record, unsynced: Object.fromEntries(left) };
    });
  }

  async #record({ directory }: Place): Promise<void> {
    this.#recorded = JSON.stringify(this.#facts);
    await directory.change(this.#options.roomId, (record) => ({
      ...(record ?? this.#newRecord()),
      ...this.#facts,
      bytes: this.#bytes,
      lastOpened: Date.now(),
      known: true,
    }));
  }

  #newRecord(): CopyRecord {
    const { roomId } = this.#options;
    const facts = { title: "", role: "viewer" as const, ...this.#facts };
    return { roomId, ...facts, lastOpened: Date.now(), bytes: this.#bytes, known: false, unsynced: {} };
  }

  /** A method, because it may have changed during an `await`. */
  #isClosed(): boolean {
    return this.#closed;
  }

  #leave(): LoadedCopy {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#queue = [];
    this.#place = null;
    for (const leave of this.#onLeave.splice(0)) leave();
    return NOTHING;
  }
}
