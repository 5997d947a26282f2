/**
 * Brings the stored data in line with a schema: every document has to fit it, otherwise the schema is refused as
 * a whole; then indexes that are new are filled and those that are gone are dropped.
 */
import { keyInIndex, stringField, type Table } from "../store/catalog";
import type { Store } from "../store/store";
import { parseDocument } from "../store/transaction";
import { keyToBlob } from "../values/index_key";
import { documentProblem } from "./document_check";
import type { Schema } from "./function_set";

const APPLIED_SCHEMA = "schema";
const OWN_INDEXES = new Set(["by_id", "by_creation_time"]);

/** Call it inside a write transaction. Throws when a document does not fit, naming it. */
export function applySchema(store: Store, schema: Schema): void {
  if (store.readMeta(APPLIED_SCHEMA) === schema.text) return;
  for (const name of schema.tables.keys()) store.catalog.ensure(name);
  for (const table of store.catalog.all()) {
    if (table.name.startsWith("_")) continue;
    if (schema.enforced && schema.tables.has(table.name)) validateTable(store, schema, table);
    changeIndexes(store, table, schema.tables.get(table.name)?.indexes ?? []);
  }
  store.writeMeta(APPLIED_SCHEMA, schema.text);
}

function validateTable(store: Store, schema: Schema, table: Table): void {
  for (const { json } of documentsOf(store, table)) {
    const document = parseDocument(json);
    const problem = documentProblem(schema, table.name, document, store.catalog.tableOfId);
    if (problem === null) continue;
    throw new Error(
      `Schema validation failed.\nDocument with ID "${stringField(document, "_id")}" in table "${table.name}" does not match the schema: ${problem}`,
    );
  }
}

function changeIndexes(
  store: Store,
  table: Table,
  declared: readonly { name: string; fields: string[] }[],
): void {
  const wanted = new Map(declared.map(({ name, fields }) => [name, fields]));
  for (const index of [...table.indexes.values()]) {
    if (OWN_INDEXES.has(index.name)) continue;
    const fields = wanted.get(index.name);
    const same = fields !== undefined && JSON.stringify(index.fields.slice(0, -2)) === JSON.stringify(fields);
    if (!same) store.catalog.dropIndex(table, index);
  }
  for (const [name, fields] of wanted) {
    if (OWN_INDEXES.has(name)) throw new Error(`Index name "${name}" of table "${table.name}" is reserved.`);
    if (table.indexes.has(name)) continue;
    const index = store.catalog.addIndex(table, name, fields);
    for (const { row, json } of documentsOf(store, table)) {
      store.connection.run(
        "INSERT INTO index_entries (index_id, key, document) VALUES (?, ?, ?)",
        index.id,
        keyToBlob(keyInIndex(index, parseDocument(json))),
        row,
      );
    }
  }
}

/** In batches: a table may be larger than what fits in memory at once. */
function* documentsOf(store: Store, table: Table): Generator<{ row: number; json: string }> {
  const BATCH = 1_000;
  const index = table.indexes.get("by_creation_time");
  if (index === undefined) return;
  let after: Buffer = Buffer.alloc(0);
  for (;;) {
    const rows = store.connection.all(
      `SELECT e.key, e.document, d.value FROM index_entries e JOIN documents d ON d.row = e.document
       WHERE e.index_id = ? AND e.key > ? ORDER BY e.key LIMIT ?`,
      index.id,
      after,
      BATCH,
    );
    for (const [, row, json] of rows) yield { row: Number(row), json: String(json) };
    const last = rows.at(-1)?.[0];
    if (rows.length < BATCH || !Buffer.isBuffer(last)) return;
    after = last;
  }
}
