/**
 * Which tables and indexes exist. Every table has `by_id` and `by_creation_time`; a schema adds others.
 * Kept in SQLite and mirrored in memory; a rolled back transaction that made a table reloads the mirror.
 */
import type { Value } from "convex/values";
import { FIRST_USER_TABLE, tableNumberOfId } from "../values/document_id";
import { encodeIndexKey, type IndexKey } from "../values/index_key";
import type { Connection } from "./connection";

export type DocumentFields = Record<string, Value>;

export interface Index {
  /** The row that index entries refer to. */
  id: number;
  table: string;
  name: string;
  /** Field paths that make up the key, `_creationTime` and `_id` at its end included. */
  fields: readonly string[];
}

export interface Table {
  number: number;
  name: string;
  indexes: Map<string, Index>;
}

/** System tables: readable through `db.system`, written by this server only. Their numbers are part of ids. */
const SYSTEM_TABLES = new Map([
  ["_storage", 1],
  ["_scheduled_functions", 2],
]);

export class Catalog {
  private tables = new Map<string, Table>();
  private names = new Map<number, string>();
  private changed = false;

  constructor(private readonly connection: Connection) {
    connection.exec(`
      CREATE TABLE IF NOT EXISTS tables (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
      CREATE TABLE IF NOT EXISTS indexes (
        id INTEGER PRIMARY KEY, table_number INTEGER NOT NULL, name TEXT NOT NULL, fields TEXT NOT NULL,
        UNIQUE (table_number, name));
    `);
    this.reload();
    for (const [name, number] of SYSTEM_TABLES) {
      if (!this.tables.has(name)) this.create(name, number);
    }
    const scheduled = this.tables.get("_scheduled_functions");
    if (scheduled !== undefined && !scheduled.indexes.has("by_state")) {
      this.addIndex(scheduled, "by_state", ["state.kind", "scheduledTime"]);
    }
  }

  table(name: string): Table | undefined {
    return this.tables.get(name);
  }

  all(): Table[] {
    return [...this.tables.values()];
  }

  tableOfId = (id: string): string | null => {
    const number = tableNumberOfId(id);
    return number === null ? null : (this.names.get(number) ?? null);
  };

  /** The table of that name, made when it does not exist. Call it inside a transaction. */
  ensure(name: string): { table: Table; created: boolean } {
    const existing = this.tables.get(name);
    if (existing !== undefined) return { table: existing, created: false };
    const [largest] = this.connection.get("SELECT max(number) FROM tables") ?? [];
    const number = Math.max(FIRST_USER_TABLE, typeof largest === "number" ? largest + 1 : 0);
    return { table: this.create(name, number), created: true };
  }

  addIndex(table: Table, name: string, fields: readonly string[]): Index {
    this.changed = true;
    this.connection.run(
      "INSERT INTO indexes (table_number, name, fields) VALUES (?, ?, ?)",
      table.number,
      name,
      JSON.stringify(fields),
    );
    const [id] = this.connection.get("SELECT last_insert_rowid()") ?? [];
    const index = makeIndex(Number(id), table.name, name, fields);
    table.indexes.set(name, index);
    return index;
  }

  dropIndex(table: Table, index: Index): void {
    this.changed = true;
    this.connection.run("DELETE FROM index_entries WHERE index_id = ?", index.id);
    this.connection.run("DELETE FROM indexes WHERE id = ?", index.id);
    table.indexes.delete(index.name);
  }

  /** After a rollback: what is in memory follows what is stored. */
  undo(): void {
    this.undoNested();
    this.changed = false;
  }

  /** After a part was rolled back. What the transaction changed before that part may still have to be undone. */
  undoNested(): void {
    if (this.changed) this.reload();
  }

  /** After a commit. */
  keep(): void {
    this.changed = false;
  }

  private reload(): void {
    this.tables = new Map();
    this.names = new Map();
    for (const [number, name] of this.connection.all("SELECT number, name FROM tables")) {
      this.tables.set(String(name), { number: Number(number), name: String(name), indexes: new Map() });
      this.names.set(Number(number), String(name));
    }
    for (const [id, number, name, fields] of this.connection.all(
      "SELECT id, table_number, name, fields FROM indexes",
    )) {
      const table = this.tables.get(this.names.get(Number(number)) ?? "");
      if (table === undefined) continue;
      const paths = JSON.parse(String(fields)) as string[];
      table.indexes.set(String(name), makeIndex(Number(id), table.name, String(name), paths));
    }
  }

  private create(name: string, number: number): Table {
    this.connection.run("INSERT INTO tables (number, name) VALUES (?, ?)", number, name);
    const table: Table = { number, name, indexes: new Map() };
    this.tables.set(name, table);
    this.names.set(number, name);
    this.addIndex(table, "by_id", []);
    this.addIndex(table, "by_creation_time", []);
    return table;
  }
}

function makeIndex(id: number, table: string, name: string, declared: readonly string[]): Index {
  const fields = name === "by_id" ? ["_id"] : [...declared, "_creationTime", "_id"];
  return { id, table, name, fields };
}

/** The key under which a document stands in an index. */
export function keyInIndex(index: Index, document: DocumentFields): IndexKey {
  return encodeIndexKey(index.fields.map((path) => fieldAt(document, path)));
}

/** A field of a system document that is known to be a string. Anything else means that the data is damaged. */
export function stringField(document: DocumentFields, name: string): string {
  const value = document[name];
  if (typeof value !== "string") throw new Error(`the field ${name} of a stored document is not a string`);
  return value;
}

/** The value at a dotted path, `undefined` when there is none. */
export function fieldAt(document: Value | undefined, path: string): Value | undefined {
  let value: Value | undefined = document;
  for (const name of path.split(".")) {
    if (value === undefined || value === null || typeof value !== "object") return undefined;
    if (Array.isArray(value) || value instanceof ArrayBuffer) return undefined;
    value = Object.hasOwn(value, name) ? (value as DocumentFields)[name] : undefined;
  }
  return value;
}
