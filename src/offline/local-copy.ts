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
 *  - When no space is left, other copies make room (`eviction.ts`). Until there is some, what could not be written waits
 *    and counts as not kept, and is tried again from time to time: the person may free some.
 *  - When the browser keeps nothing (private mode, data cleared), the copy says so and gives up: nothing is promised
 *    from then on.
 */
import { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";
import type { Role } from "../../protocol/roles";
import { transact } from "./database";
import { directoryOf, type CopyRecord, type Directory } from "./directory";
import { askOnceToLast } from "./lasting-storage";
import { copyLock, copyName, writerLock } from "./names";
import { isOutOfSpace, noteTrouble } from "./troubles";
import { whenRead } from "./when-read";
import { heldLocks, holdLock } from "./writers";

/** What others write is safe on the server, and is gathered for so long before it is stored here. */
const GATHER_REMOTE_MS = 500;

/** How soon writing is tried again on a full disk. */
const FULL_RETRY_MS = 5_000;

const UPDATES = "updates";
const CUSTOM = "custom";

export interface LoadedCopy {
  /** The room's content was known here: what is in the document now may be shown and edited. */
  known: boolean;
  /** It holds edits that are not known to be on the room's disk. */
  unsynced: boolean;
}

export interface LocalCopy {
  /** What was there, once it is in the document. Never rejects. On a busy device it takes its time. */
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

export interface CopyFacts {
  title: string;
  role: Role;
}

export interface CopyOptions {
  userId: string;
  roomId: string;
  doc: Y.Doc;
  /** Whether a transaction with this origin was made by the person in this tab. */
  isOwn: (origin: unknown) => boolean;
  /** `isKept` may answer differently. */
  onChange: () => void;
  /** No space is left: takes away what can be spared. Resolves with whether anything was. */
  makeRoom: () => Promise<boolean>;
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
  /** Why a transaction of y-indexeddb's, which do not say so themselves, was aborted. */
  #aborted: DOMException | null = null;
  /** Room was made, and nothing has been written since. */
  #madeRoom = false;
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
    try {
      return await this.#open();
    } catch (error) {
      // Nothing is kept on this device now, which the status says; the room has what was saved.
      noteTrouble("The local copy could not be opened", error);
      this.#closed = true;
      return this.#leave();
    }
  }

  async #open(): Promise<LoadedCopy> {
    const { userId, roomId, doc } = this.#options;
    const lock = (writer: string) => writerLock(userId, roomId, writer);
    const directory = await directoryOf(userId);
    // Before the record is read: from here on nobody evicts what that speaks of.
    this.#onLeave.push(await holdLock(copyLock(userId, roomId), "shared"));
    this.#onLeave.push(await holdLock(lock(this.#writer)));
    // Read before the content: whoever is dead by then has stored everything that it ever will.
    const record = await directory.record(roomId);
    const held = await heldLocks();
    // Edits that did not wait for the copy: while y-indexeddb loads, it stores what it finds in the document.
    const own = this.#queue.filter((waiting) => waiting.own);
    if (own.length > 0) await this.#noteIfItFits(directory, own);
    if (this.#isClosed()) return this.#leave();
    const persistence = new IndexeddbPersistence(copyName(userId, roomId), doc);
    doc.off("update", persistence._storeUpdate);
    const db = await persistence._db;
    this.#onLeave.push(() => void persistence.destroy());
    await whenRead(persistence, db);
    if (this.#isClosed()) return this.#leave();
    this.#place = { directory, persistence, db };
    for (const gone of ["versionchange", "close"]) db.addEventListener(gone, this.#onLost);
    db.addEventListener("abort", this.#onAbort);
    this.#known ||= record?.known ?? false;
    // Whatever the room has said before, it has not said of these.
    this.#synced = false;
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

  readonly #onAbort = ({ target }: Event): void => {
    this.#aborted = (target instanceof IDBTransaction ? target.error : null) ?? new DOMException("aborted");
    // While this writes, it looks for itself whether all went well. At other times y-indexeddb rewrites what is there,
    // and an abort leaves that as it was.
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
    next
      .then(
        () => {
          this.#madeRoom = false;
          return true;
        },
        (error: unknown) => this.#mend(error),
      )
      .then(
        (goesOn) => {
          this.#working = false;
          if (goesOn) this.#work();
          else if (!this.#closed) this.#timer ??= setTimeout(this.#retry, FULL_RETRY_MS);
        },
        (error: unknown) => {
          this.#working = false;
          if (this.#closed) return;
          noteTrouble("The local copy is given up", error);
          this.#onLost();
        },
      );
  }

  readonly #retry = (): void => {
    this.#madeRoom = false;
    this.#work();
  };

  /** Resolves with whether to try again at once, or else later; rejects with what cannot be mended. */
  async #mend(error: unknown): Promise<boolean> {
    if (this.#closed || !isOutOfSpace(error)) throw error;
    // Once in a while: what was taken away may not have become free yet.
    if (this.#madeRoom) return false;
    noteTrouble("No space is left for the local copy", error);
    this.#madeRoom = true;
    return this.#makeRoom();
  }

  async #makeRoom(): Promise<boolean> {
    try {
      return await this.#options.makeRoom();
    } catch (error) {
      // Where nothing can be written, not even a removal may be.
      if (!isOutOfSpace(error)) throw error;
      noteTrouble("No space could be made for the local copy", error);
      return false;
    }
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
    const update = Y.mergeUpdates(batch.map((waiting) => waiting.update));
    const bytes = this.#bytes + update.byteLength;
    try {
      if (own.length > 0 && !this.#noted) await this.#note(directory, own);
      this.#aborted = null;
      persistence._storeUpdate(update, null);
      await transact(db, [UPDATES, CUSTOM], "readwrite", (transaction) => {
        // Something has to be written, or there is nothing to wait for.
        transaction.objectStore(CUSTOM).put(bytes, "bytes");
        return () => undefined;
      });
      throwIfAny(this.#aborted);
    } catch (error) {
      // Written twice is as good as once.
      this.#queue = [...batch, ...this.#queue];
      throw error;
    }
    this.#bytes = bytes;
    if (this.#place === null || own.length === 0) return;
    this.#kept += own.length;
    askOnceToLast();
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

  /** For a copy that is still to be read, which takes no space: `#store` has the same edits, and tries again. */
  async #noteIfItFits(directory: Directory, own: Waiting[]): Promise<void> {
    try {
      await this.#note(directory, own);
    } catch (error) {
      if (!isOutOfSpace(error)) throw error;
      noteTrouble("No space is left for the local copy", error);
    }
  }

  async #clearNote({ directory }: Place): Promise<void> {
    const delivered = this.#synced ? [...this.#dead] : [];
    const isClean = !this.#dirty;
    if (isClean) delivered.push(this.#writer);
    await directory.change(this.#options.roomId, (record) => {
      if (record === undefined) return null;
      const left = Object.entries(record.unsynced).filter(([writer]) => !delivered.includes(writer));
      return { ...record, unsynced: Object.fromEntries(left) };
    });
    this.#dead = this.#dead.filter((writer) => !delivered.includes(writer));
    // An edit that came meanwhile is noted anew.
    if (isClean) this.#noted = false;
  }

  async #record({ directory }: Place): Promise<void> {
    const facts = this.#facts;
    await directory.change(this.#options.roomId, (record) => ({
      ...(record ?? this.#newRecord()),
      ...facts,
      bytes: this.#bytes,
      lastOpened: Date.now(),
      known: true,
    }));
    this.#recorded = JSON.stringify(facts);
  }

  #newRecord(): CopyRecord {
    const { roomId } = this.#options;
    const facts = { title: "", role: null, ...this.#facts };
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

function throwIfAny(error: Error | null): void {
  if (error !== null) throw error;
}
