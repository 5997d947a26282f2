/**
 * The data on disk: one SQLite file in WAL mode.
 *
 * One connection writes. It runs one transaction at a time, so transactions are serializable by construction,
 * and a commit returns after the log is flushed. Other connections read: each holds a SQLite snapshot for as long
 * as queries run on it, so those see one state of the database whatever is committed meanwhile.
 *
 *     documents      row, id, table, the document as Convex JSON, its size
 *     index_entries  index, key (ordered bytes), row of the document
 *     meta           timestamp of the last commit, and single values of other parts
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Catalog } from "./catalog";
import { Connection } from "./connection";
import { lockFolder } from "./folder_lock";
import { Transaction } from "./transaction";
import type { WrittenKey } from "./read_set";

const MAX_IDLE_READERS = 4;

/** How far the clock of the server that a client spoke to before may have been ahead. */
const MAX_AHEAD_MS = 24 * 60 * 60_000;

/** Clients and functions read timestamps as signed 64-bit numbers. */
const MAX_TIMESTAMP = 2n ** 63n - 1n;

/** Raised when the layout of the file changes. */
const LAYOUT_VERSION = "1";

export interface Commit {
  timestamp: bigint;
  written: readonly WrittenKey[];
}

export interface Snapshot {
  /** Of the last commit that it contains. */
  timestamp: bigint;
  begin(): Transaction;
  release(): void;
}

export class Store {
  private readonly path: string;
  private readonly unlock: () => void;
  private readonly writer: Connection;
  private readonly idleReaders: Connection[] = [];
  readonly catalog: Catalog;
  private timestamp: bigint;
  private lastCreationTime: number;
  private writing = false;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.unlock = lockFolder(directory);
    this.path = join(directory, "data.sqlite");
    this.writer = new Connection(this.path);
    try {
      this.writer.exec(`
        CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS documents (
          row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, value TEXT NOT NULL, size INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS index_entries (
          index_id INTEGER NOT NULL, key BLOB NOT NULL, document INTEGER NOT NULL,
          PRIMARY KEY (index_id, key)) WITHOUT ROWID;
      `);
      const layout = this.readMeta("layout");
      if (layout !== null && layout !== LAYOUT_VERSION) {
        throw new Error(
          `${this.path} was written by another version (layout ${layout}, this one is ${LAYOUT_VERSION}).`,
        );
      }
      this.writeMeta("layout", LAYOUT_VERSION);
      this.catalog = new Catalog(this.writer);
      this.timestamp = BigInt(this.readMeta("timestamp") ?? "0");
      if (this.timestamp < 0n || this.timestamp > MAX_TIMESTAMP) {
        throw new Error(`${this.path} is damaged: its last commit has the timestamp ${this.timestamp}.`);
      }
      this.lastCreationTime = Number(this.readMeta("creationTime") ?? "0");
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Timestamp of the last commit, in nanoseconds. */
  get now(): bigint {
    return this.timestamp;
  }

  /**
   * Makes the clock continue after a timestamp that a client has seen from a database that is gone. Throws for one
   * that no server can have given: every later commit would be stamped with it.
   */
  advanceTo(timestamp: bigint): void {
    if (timestamp > BigInt(Date.now() + MAX_AHEAD_MS) * 1_000_000n) {
      throw new Error(`The timestamp ${timestamp} is more than a day ahead of this server's clock.`);
    }
    if (timestamp > this.timestamp) this.timestamp = timestamp;
  }

  /** The state of the last commit, for any number of read-only transactions. Release it. */
  snapshot(): Snapshot {
    const reader = this.idleReaders.pop() ?? new Connection(this.path);
    reader.exec("BEGIN");
    // SQLite takes the snapshot at the first read, which has to be now.
    reader.get("SELECT value FROM meta WHERE key = 'layout'");
    const timestamp = this.timestamp;
    const transactions: Transaction[] = [];
    return {
      timestamp,
      begin: () => {
        const transaction = new Transaction(reader, this.catalog, timestamp, null);
        transactions.push(transaction);
        return transaction;
      },
      release: () => {
        for (const transaction of transactions) transaction.close();
        reader.exec("COMMIT");
        if (this.idleReaders.length < MAX_IDLE_READERS) this.idleReaders.push(reader);
        else reader.close();
      },
    };
  }

  /**
   * Begins the one write transaction. The caller serializes: a second one before `commit` or `rollback` is a bug.
   */
  write(): {
    transaction: Transaction;
    /** `last` runs inside the transaction, when its timestamp is known. */
    commit: (last?: (timestamp: bigint) => void) => Commit;
    rollback: () => void;
  } {
    if (this.writing) throw new Error("a write transaction is open");
    this.writer.exec("BEGIN IMMEDIATE");
    this.writing = true;
    const transaction = new Transaction(this.writer, this.catalog, this.timestamp, () =>
      this.nextCreationTime(),
    );
    const rollback = () => {
      transaction.close();
      try {
        // A commit that failed for want of space has been rolled back by SQLite.
        if (this.writer.inTransaction) this.writer.exec("ROLLBACK");
      } finally {
        this.writing = false;
        this.catalog.undo();
      }
    };
    const commit = (last?: (timestamp: bigint) => void) => {
      const timestamp = this.nextTimestamp();
      try {
        last?.(timestamp);
        this.writeMeta("timestamp", String(timestamp));
        this.writeMeta("creationTime", String(this.lastCreationTime));
        this.writer.exec("COMMIT");
      } catch (error) {
        rollback();
        throw error;
      }
      transaction.close();
      this.catalog.keep();
      this.writing = false;
      this.timestamp = timestamp;
      return { timestamp, written: transaction.written };
    };
    return { transaction, commit, rollback };
  }

  /** Reads committed rows of private tables, beside whatever transaction is being written. */
  peek<T>(body: (connection: Connection) => T): T {
    const reader = this.idleReaders.pop() ?? new Connection(this.path);
    try {
      return body(reader);
    } finally {
      this.idleReaders.push(reader);
    }
  }

  readMeta(key: string): string | null {
    const row = this.writer.get("SELECT value FROM meta WHERE key = ?", key);
    return row === undefined ? null : String(row[0]);
  }

  writeMeta(key: string, value: string): void {
    this.writer.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, value);
  }

  /** Private tables of other parts live on the writer's connection, so that they commit with documents. */
  get connection(): Connection {
    return this.writer;
  }

  close(): void {
    for (const reader of this.idleReaders) reader.close();
    this.writer.close();
    this.unlock();
  }

  /** What the next commit will be called: the wall clock, unless that went backwards. */
  private nextTimestamp(): bigint {
    const clock = BigInt(Date.now()) * 1_000_000n;
    return clock > this.timestamp ? clock : this.timestamp + 1n;
  }

  /** Milliseconds with a fraction, strictly increasing, so that creation order is index order. */
  private nextCreationTime(): number {
    const clock = Date.now();
    this.lastCreationTime = clock > this.lastCreationTime ? clock : this.lastCreationTime + 1 / 1024;
    return this.lastCreationTime;
  }
}
