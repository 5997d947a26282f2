/** Is this a document that the table may hold? */
import type { DocumentFields } from "../store/catalog";
import { describeMismatch, validate, type TableOfId } from "../values/validate";
import type { Schema } from "./function_set";

const SYSTEM_FIELDS = new Set(["_id", "_creationTime"]);

/** Throws when a document does not fit the schema or uses a reserved field name. */
export function checkDocument(
  schema: Schema,
  table: string,
  document: DocumentFields,
  tableOfId: TableOfId,
): void {
  const problem = documentProblem(schema, table, document, tableOfId);
  if (problem !== null) {
    throw new Error(
      `Failed to insert or update a document in table "${table}" because it does not match the schema: ${problem}`,
    );
  }
}

/** What is wrong with a document, or `null`. */
export function documentProblem(
  schema: Schema,
  table: string,
  document: DocumentFields,
  tableOfId: TableOfId,
): string | null {
  const fields: DocumentFields = {};
  for (const [name, value] of Object.entries(document)) {
    if (SYSTEM_FIELDS.has(name)) continue;
    if (name.startsWith("_")) {
      return `Field name ${name} starts with an underscore, which is only allowed for system fields like "_id".`;
    }
    fields[name] = value;
  }
  const definition = schema.tables.get(table);
  if (!schema.enforced || definition === undefined) return null;
  const mismatch = validate(definition.documentType, fields, tableOfId);
  return mismatch === null ? null : describeMismatch(mismatch);
}
