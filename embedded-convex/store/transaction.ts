/**
 * One transaction: reads documents and ranges of indexes, and records them; a writing one also inserts, replaces
 * and removes. Documents travel as the JSON text that is stored, because that is what functions receive.
 */
import { convexToJson, getDocumentSize, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { newDocumentId } from "../values/document_id";
import { encodeIndexKey, keyFromBlob, keyToBlob, type IndexKey } from "../values/index_key";
import {
  checkValueLimits,
  MAX_BYTES_READ,
  MAX_BYTES_WRITTEN,
  MAX_DATABASE_QUERIES,
  MAX_DOCUMENT_BYTES,
  MAX_DOCUMENT_NESTING,
  MAX_DOCUMENTS_READ,
  MAX_DOCUMENTS_WRITTEN,
  MAX_FUNCTIONS_SCHEDULED,
} from "../values/limits";
import { keyInIndex, type Catalog, type DocumentFields, type Index } from "./catalog";
import type { Connection } from "./connection";
import { indexName, ReadSet, type WrittenKey } from "./read_set";

export interface StoredRow {
  key: IndexKey;
  /** The document as Convex JSON. */
  json: string;
  size: number;
}

/** What has been used of the limits of one transaction. */
export interface Usage {
  documentsRead: number;
  bytesRead: number;
  databaseQueries: number;
  documentsWritten: number;
  bytesWritten: number;
  functionsScheduled: number;
}

interface Savepoint {
  name: string;
  /** How many keys had been written before it. */
  written: number;
}

export class Transaction {
  readonly reads = new ReadSet();
  readonly written: WrittenKey[] = [];
  readonly usage: Usage = {
    documentsRead: 0,
    bytesRead: 0,
    databaseQueries: 0,
    documentsWritten: 0,
    bytesWritten: 0,
    functionsScheduled: 0,
  };
  private changes = 0;
  private closed = false;
  private limited = true;
  private readonly savepoints: Savepoint[] = [];

  constructor(
    private readonly connection: Connection,
    readonly catalog: Catalog,
    /** The last commit that this transaction sees. */
    readonly snapshot: bigint,
    /** `null` makes it read-only. */
    private readonly creationTime: (() => number) | null,
  ) {}

  get readOnly(): boolean {
    return this.creationTime === null;
  }

  /** Grows with every change of the data, so that a running scan knows that rows it has fetched ahead may be old. */
  get changeCount(): number {
    return this.changes;
  }

  /** Ends all use of it. A function that lingers after its transaction gets an error, not the next one's data. */
  close(): void {
    this.closed = true;
  }

  /** Work of the server itself, which a function's limits do not apply to, in its own transaction or a function's. */
  asServer<T>(body: () => T): T {
    const before = this.limited;
    this.limited = false;
    try {
      return body();
    } finally {
      this.limited = before;
    }
  }

  /** The JSON of a document, or `null`. */
  get(table: string, id: string): string | null {
    this.assertOpen();
    this.reads.addPoint(indexName(table, "by_id"), encodeIndexKey([id]));
    this.countQuery();
    const row = this.connection.get("SELECT value, size FROM documents WHERE id = ?", id);
    if (row === undefined) return null;
    this.countRead(Number(row[1]));
    return String(row[0]);
  }

  /** Up to `limit` rows of an index between two keys. The caller records what it consumed. */
  fetchRange(
    index: Index,
    lower: IndexKey,
    upper: IndexKey,
    order: "asc" | "desc",
    limit: number,
  ): StoredRow[] {
    this.assertOpen();
    const rows = this.connection.all(
      `SELECT e.key, d.value, d.size FROM index_entries e JOIN documents d ON d.row = e.document
       WHERE e.index_id = ? AND e.key >= ? AND e.key < ? ORDER BY e.key ${order === "asc" ? "ASC" : "DESC"} LIMIT ?`,
      index.id,
      keyToBlob(lower),
      keyToBlob(upper),
      limit,
    );
    return rows.map(([key, json, size]) => ({
      key: keyFromBlob(key as Buffer),
      json: String(json),
      size: Number(size),
    }));
  }

  /** The ids of up to `limit` documents in a range of an index, without reading them. For the server itself. */
  idsInRange(index: Index, lower: IndexKey, upper: IndexKey, limit: number): string[] {
    this.assertOpen();
    const rows = this.connection.all(
      `SELECT d.id FROM index_entries e JOIN documents d ON d.row = e.document
       WHERE e.index_id = ? AND e.key >= ? AND e.key < ? ORDER BY e.key LIMIT ?`,
      index.id,
      keyToBlob(lower),
      keyToBlob(upper),
      limit,
    );
    return rows.map(([id]) => String(id));
  }

  /** How many documents a table has. */
  count(table: string): number {
    this.assertOpen();
    const index = this.catalog.table(table)?.indexes.get("by_creation_time");
    this.reads.add({ index: indexName(table, "by_creation_time"), lower: "", upper: "\xff" });
    if (index === undefined) return 0;
    const [count] =
      this.connection.get("SELECT count(*) FROM index_entries WHERE index_id = ?", index.id) ?? [];
    return Number(count);
  }

  countRead(size: number): void {
    if (!this.limited) return;
    this.usage.documentsRead += 1;
    this.usage.bytesRead += size;
    if (this.usage.documentsRead > MAX_DOCUMENTS_READ) {
      throw new Error(
        `Too many documents read in a single function execution (limit: ${MAX_DOCUMENTS_READ}). Consider using smaller limits in your queries, paginating your queries, or using indexed queries with a selective index range expressions.`,
      );
    }
    if (this.usage.bytesRead > MAX_BYTES_READ) {
      throw new Error(
        `Too many bytes read in a single function execution (limit: ${MAX_BYTES_READ} bytes). Consider using smaller limits in your queries, paginating your queries, or using indexed queries with a selective index range expressions.`,
      );
    }
  }

  countQuery(): void {
    if (!this.limited) return;
    this.usage.databaseQueries += 1;
    if (this.usage.databaseQueries > MAX_DATABASE_QUERIES) {
      throw new Error(
        `Too many database queries in a single function execution (limit: ${MAX_DATABASE_QUERIES}).`,
      );
    }
  }

  countScheduled(): void {
    if (!this.limited) return;
    this.usage.functionsScheduled += 1;
    if (this.usage.functionsScheduled > MAX_FUNCTIONS_SCHEDULED) {
      throw new Error(`Too many functions scheduled by this mutation (limit: ${MAX_FUNCTIONS_SCHEDULED}).`);
    }
  }

  /**
   * Inserts a document and returns its id. `check` sees the document as it will be stored, before it is.
   */
  insert(tableName: string, fields: DocumentFields, check: (document: DocumentFields) => void): string {
    const creationTime = this.assertWritable()();
    const { table } = this.catalog.ensure(tableName);
    const id = newDocumentId(table.number);
    const document = { ...fields, _creationTime: creationTime, _id: id };
    const { json, size } = this.prepare(document, check);
    this.changes += 1;
    this.connection.run("INSERT INTO documents (id, value, size) VALUES (?, ?, ?)", id, json, size);
    const [row] = this.connection.get("SELECT last_insert_rowid()") ?? [];
    for (const index of table.indexes.values())
      this.addEntry(index, keyInIndex(index, document), Number(row));
    return id;
  }

  /** Replaces a document that exists. */
  replace(id: string, document: DocumentFields, check: (document: DocumentFields) => void): void {
    this.assertWritable();
    const { table, row, old } = this.stored(id);
    const { json, size } = this.prepare(document, check);
    this.changes += 1;
    this.connection.run("UPDATE documents SET value = ?, size = ? WHERE row = ?", json, size, row);
    for (const index of table.indexes.values()) {
      const before = keyInIndex(index, old);
      const after = keyInIndex(index, document);
      this.written.push({ index: indexName(table.name, index.name), key: before });
      if (before === after) continue;
      this.deleteEntry(index, before);
      this.addEntry(index, after, row);
    }
  }

  /** Removes a document that exists. */
  remove(id: string): void {
    this.assertWritable();
    const { table, row, old } = this.stored(id);
    this.countWritten(0);
    this.changes += 1;
    this.connection.run("DELETE FROM documents WHERE row = ?", row);
    for (const index of table.indexes.values()) {
      const key = keyInIndex(index, old);
      this.written.push({ index: indexName(table.name, index.name), key });
      this.deleteEntry(index, key);
    }
  }

  /** How many nested mutations are open inside each other. */
  get depth(): number {
    return this.savepoints.length;
  }

  /** Runs a nested mutation: when it fails, what it wrote is undone and the rest of the transaction stays. */
  async nested<T>(body: () => Promise<T>): Promise<T> {
    this.assertWritable();
    const savepoint: Savepoint = { name: `nested_${this.depth + 1}`, written: this.written.length };
    this.connection.exec(`SAVEPOINT ${savepoint.name}`);
    this.savepoints.push(savepoint);
    const open = () => !this.closed && this.savepoints.includes(savepoint);
    try {
      const result = await body();
      this.assertOpen();
      if (!open()) throw new Error("The caller of this mutation has ended. Await every call.");
      this.connection.exec(`RELEASE ${savepoint.name}`);
      this.savepoints.pop();
      return result;
    } catch (error) {
      if (open()) this.rollbackTo(savepoint);
      throw error;
    }
  }

  /** Undoes nested mutations that are still open below a depth; false when there are none. */
  abandonNested(depth: number): boolean {
    const savepoint = this.savepoints[depth];
    if (savepoint === undefined) return false;
    this.rollbackTo(savepoint);
    return true;
  }

  private rollbackTo(savepoint: Savepoint): void {
    this.changes += 1;
    this.connection.exec(`ROLLBACK TO ${savepoint.name}`);
    this.connection.exec(`RELEASE ${savepoint.name}`);
    this.savepoints.length = this.savepoints.indexOf(savepoint);
    this.written.length = savepoint.written;
    this.catalog.undoNested();
  }

  private prepare(document: DocumentFields, check: (document: DocumentFields) => void) {
    checkValueLimits(document, MAX_DOCUMENT_NESTING);
    check(document);
    const size = getDocumentSize(document);
    if (size > MAX_DOCUMENT_BYTES) {
      throw new Error(`Value is too large (${size} bytes > maximum size ${MAX_DOCUMENT_BYTES} bytes).`);
    }
    this.countWritten(size);
    // `convexToJson` sorts the fields, as Convex does.
    return { json: JSON.stringify(convexToJson(document)), size };
  }

  private stored(id: string): {
    table: NonNullable<ReturnType<Catalog["table"]>>;
    row: number;
    old: DocumentFields;
  } {
    const tableName = this.catalog.tableOfId(id);
    const table = tableName === null ? undefined : this.catalog.table(tableName);
    const found = this.connection.get("SELECT row, value FROM documents WHERE id = ?", id);
    if (table === undefined || found === undefined) throw new Error(`document ${id} is not stored`);
    return { table, row: Number(found[0]), old: parseDocument(String(found[1])) };
  }

  private addEntry(index: Index, key: IndexKey, row: number): void {
    this.connection.run(
      "INSERT INTO index_entries (index_id, key, document) VALUES (?, ?, ?)",
      index.id,
      keyToBlob(key),
      row,
    );
    this.written.push({ index: indexName(index.table, index.name), key });
  }

  private deleteEntry(index: Index, key: IndexKey): void {
    this.connection.run("DELETE FROM index_entries WHERE index_id = ? AND key = ?", index.id, keyToBlob(key));
  }

  private countWritten(size: number): void {
    if (!this.limited) return;
    this.usage.documentsWritten += 1;
    this.usage.bytesWritten += size;
    if (this.usage.documentsWritten > MAX_DOCUMENTS_WRITTEN) {
      throw new Error(
        `Too many documents written in a single function execution (limit: ${MAX_DOCUMENTS_WRITTEN}).`,
      );
    }
    if (this.usage.bytesWritten > MAX_BYTES_WRITTEN) {
      throw new Error(
        `Too many bytes written in a single function execution (limit: ${MAX_BYTES_WRITTEN} bytes).`,
      );
    }
  }

  private assertOpen(): void {
    if (this.closed) {
      throw new Error("The function has ended: its database cannot be used any more. Await every call.");
    }
  }

  private assertWritable(): () => number {
    this.assertOpen();
    if (this.creationTime === null) throw new Error("Queries cannot write to the database.");
    return this.creationTime;
  }
}

/** A stored document, from its JSON. */
export function parseDocument(json: string): DocumentFields {
  const value: Value = jsonToConvex(JSON.parse(json) as JSONValue);
  return value as DocumentFields;
}
