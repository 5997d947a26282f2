/** Is this a document that the table may hold? */
import type { Value } from "convex/values";
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

/** A field name, however deep, that begins with an underscore. */
function reservedName(value: Value | undefined): string | null {
  if (value === null || typeof value !== "object" || value instanceof ArrayBuffer) return null;
  const fields = Object.entries(value as Record<string, Value>);
  for (const [name, field] of fields) {
    if (!Array.isArray(value) && name.startsWith("_")) return name;
    const inside = reservedName(field);
    if (inside !== null) return inside;
  }
  return null;
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
    const reserved = reservedName({ [name]: value });
    if (reserved !== null) {
      return `Field name ${reserved} starts with an underscore, which is only allowed for system fields like "_id".`;
    }
    fields[name] = value;
  }
  const definition = schema.tables.get(table);
  if (!schema.enforced || definition === undefined) return null;
  const mismatch = validate(definition.documentType, fields, tableOfId);
  return mismatch === null ? null : describeMismatch(mismatch);
}
