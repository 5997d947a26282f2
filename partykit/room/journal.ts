/**
 * The room's edits on their way to the disk.
 *
 * Updates that arrive while a write is under way, or within `COMMIT_INTERVAL_MS` of the last one, are merged and
 * written together. A write is `put`, which nothing waits for (`allowUnconfirmed`, so fan-out is not held back),
 * then `sync`, and only then are its updates durable: an awaited `put` is not on the disk yet.
 *
 * A failed write is repeated with the same bytes under the same key until it succeeds, with growing pauses; what
 * arrives meanwhile waits for the next one. So the log never has a gap, and never a half-replaced entry.
 *
 * When the log has grown by `LOG_MAX_UPDATES` or `LOG_MAX_BYTES`, the next write is a compaction instead: the whole
 * document under a new clock, and when that is on the disk, the deletion of everything before it. The document is
 * encoded in the moment in which the waiting updates are taken, so it contains exactly what the log and they
 * contain; what arrives meanwhile goes to the next clock. A crash in between leaves both, which is no harm: updates
 * may be applied twice. (`storage.transaction` would do it in one step, but it holds up every event of the room.)
 */
import type * as Party from "partykit/server";
import * as Y from "yjs";
import { LOG_MAX_BYTES, LOG_MAX_UPDATES } from "../../protocol/limits";
import type { JournalFigures } from "../../protocol/room-figures";
import { deleteAll, putAll, stateVectorEntries, updateEntries, type StoredLog } from "./log-format";

/** At most ten writes a second and room, however many people type. */
const COMMIT_INTERVAL_MS = 100;

const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 5_000;

export interface JournalEvents {
  /** `journal.durable` has risen, or writing has begun to fail. */
  onProgress(): void;
  encodeDocument(): Uint8Array;
}

interface Write {
  /** Everything up to this update is durable once the write is. */
  upTo: number;
  run(): Promise<void>;
  done(): void;
}

export class Journal {
  /** Count of updates that were accepted, and of those that are on the disk. */
  appended = 0;
  durable = 0;
  /** The last write failed, and has not been repeated with success yet. */
  failing = false;

  readonly #storage: Party.Storage;
  readonly #roomId: string;
  readonly #events: JournalEvents;
  readonly #keys: Map<number, string[]>;
  #clock: number;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Of the addition that is under way. */
  #writingBytes = 0;
  #running = false;
  #stopped = false;
  #compactNext = false;
  #lastCommitAt = 0;
  #idle: (() => void)[] = [];
  #figures: JournalFigures;

  constructor(storage: Party.Storage, roomId: string, stored: StoredLog, events: JournalEvents) {
    this.#storage = storage;
    this.#roomId = roomId;
    this.#events = events;
    this.#keys = stored.keys;
    this.#clock = stored.lastClock;
    this.#figures = {
      logUpdates: Math.max(0, stored.keys.size - 1),
      logBytes: stored.bytes - stored.firstBytes,
      storedBytes: stored.bytes,
      writes: 0,
      failedWrites: 0,
      compactions: 0,
      lastDurableAt: null,
    };
  }

  get figures(): Readonly<JournalFigures> {
    return this.#figures;
  }

  /** Something is not on the disk yet. */
  get isBusy(): boolean {
    return this.#running;
  }

  /** Bytes that the document takes at most: what is stored and what is on its way there. */
  get documentBytes(): number {
    return this.#figures.storedBytes + this.#writingBytes + this.#waitingBytes;
  }

  append(update: Uint8Array): void {
    if (this.#stopped) return;
    this.appended += 1;
    this.#waiting.push(update);
    this.#waitingBytes += update.byteLength;
    if (!this.#running) {
      this.#running = true;
      void this.#commitUntilIdle();
    }
  }

  /** Resolves when everything that was appended is on the disk, however long that takes. */
  settled(): Promise<void> {
    if (!this.#running) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** The document has become smaller than its log: the next write is a compaction. */
  compactNext(): void {
    this.#compactNext = true;
  }

  /** Writes nothing more. Resolves when the write that is under way has ended, one way or the other. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting = [];
    return this.settled();
  }

  async #commitUntilIdle(): Promise<void> {
    while (this.#waiting.length > 0) {
      // The first edit after a pause waits for what arrives in the same moment, and for nothing else.
      await delay(Math.max(0, this.#lastCommitAt + COMMIT_INTERVAL_MS - Date.now()));
      this.#lastCommitAt = Date.now();
      if (this.#stopped) break;
      await this.#repeatUntilDone(this.#takeWrite());
    }
    this.#running = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #repeatUntilDone(write: Write): Promise<void> {
    for (let pause = RETRY_FIRST_MS; ; pause = Math.min(RETRY_MAX_MS, pause * 2)) {
      try {
        await write.run();
        await this.#storage.sync();
        break;
      } catch (error) {
        this.#figures.failedWrites += 1;
        if (this.#stopped) return;
        if (!this.failing) {
          this.failing = true;
          console.error("the room cannot write to its storage, and keeps trying:", error);
          this.#events.onProgress();
        }
        await delay(pause);
      }
    }
    write.done();
    this.failing = false;
    this.durable = write.upTo;
    this.#figures.writes += 1;
    this.#figures.lastDurableAt = Date.now();
    this.#events.onProgress();
  }

  /** Takes all waiting updates. No await may stand between reading them and encoding the document. */
  #takeWrite(): Write {
    const upTo = this.appended;
    const clock = ++this.#clock;
    const { logUpdates, logBytes } = this.#figures;
    const isFull = logUpdates + 1 > LOG_MAX_UPDATES || logBytes + this.#waitingBytes > LOG_MAX_BYTES;
    const compacts = isFull || this.#compactNext;
    this.#compactNext = false;
    const update = compacts ? this.#events.encodeDocument() : mergeUpdates(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    return compacts ? this.#compaction(clock, update, upTo) : this.#addition(clock, update, upTo);
  }

  #addition(clock: number, update: Uint8Array, upTo: number): Write {
    const entries = updateEntries(this.#roomId, clock, update);
    const keys = Object.keys(entries);
    if (this.#keys.size === 0) Object.assign(entries, stateVectorEntries(this.#roomId, clock, update));
    this.#writingBytes = update.byteLength;
    return {
      upTo,
      run: () => putAll(this.#storage, entries),
      done: () => {
        this.#writingBytes = 0;
        this.#keys.set(clock, keys);
        this.#figures.storedBytes += update.byteLength;
        if (this.#keys.size > 1) {
          this.#figures.logUpdates += 1;
          this.#figures.logBytes += update.byteLength;
        }
      },
    };
  }

  #compaction(clock: number, update: Uint8Array, upTo: number): Write {
    const entries = updateEntries(this.#roomId, clock, update);
    const keys = Object.keys(entries);
    Object.assign(entries, stateVectorEntries(this.#roomId, clock, update));
    const obsolete = [...this.#keys.values()].flat();
    return {
      upTo,
      run: async () => {
        await putAll(this.#storage, entries);
        await this.#storage.sync();
        await deleteAll(this.#storage, obsolete);
      },
      done: () => {
        this.#keys.clear();
        this.#keys.set(clock, keys);
        Object.assign(this.#figures, { logUpdates: 0, logBytes: 0, storedBytes: update.byteLength });
        this.#figures.compactions += 1;
      },
    };
  }
}

function mergeUpdates(updates: Uint8Array[]): Uint8Array {
  const [only] = updates;
  return updates.length === 1 && only !== undefined ? only : Y.mergeUpdates(updates);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
