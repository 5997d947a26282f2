/** Limits that Convex enforces, so that nobody meets them first in production. Sources: docs.convex.dev, "Limits". */
import { CommitTsPlaceholder, type Value } from "convex/values";
import { unsupported } from "./unsupported";

export const MAX_DOCUMENT_BYTES = 1024 * 1024;
export const MAX_ARRAY_LENGTH = 8_192;
export const MAX_OBJECT_FIELDS = 1_024;
/** Of arguments, results and everything else that is not stored. */
export const MAX_NESTING = 64;
/** The document itself is the first level. */
export const MAX_DOCUMENT_NESTING = 16;

/** Per query or mutation, nested calls included. */
export const MAX_DOCUMENTS_READ = 32_000;
export const MAX_BYTES_READ = 16 * 1024 * 1024;
export const MAX_DATABASE_QUERIES = 4_096;
export const MAX_DOCUMENTS_WRITTEN = 16_000;
export const MAX_BYTES_WRITTEN = 16 * 1024 * 1024;
export const MAX_FUNCTIONS_SCHEDULED = 1_000;

/** Arguments or return value of one function. */
export const MAX_FUNCTION_VALUE_BYTES = 16 * 1024 * 1024;

/** A query or mutation cannot wait for anything outside, so this long means that it never ends. */
export const TRANSACTION_TIMEOUT_MS = 10_000;
export const ACTION_TIMEOUT_MS = 10 * 60_000;

/** Throws when a value is one that Convex could not store or transport. */
export function checkValueLimits(value: Value | undefined, maxNesting = MAX_NESTING, depth = 0): void {
  if (value === null || typeof value !== "object" || value instanceof ArrayBuffer) return;
  if (value instanceof CommitTsPlaceholder) throw unsupported("db.vars.commitTs");
  if (depth >= maxNesting) {
    throw new Error(`Value is too nested: the maximum nesting depth is ${maxNesting}.`);
  }
  if (Array.isArray(value)) {
    if (value.length > MAX_ARRAY_LENGTH) {
      throw new Error(
        `Array length is too long (${value.length} > maximum length ${MAX_ARRAY_LENGTH}). Store long lists as documents of a table.`,
      );
    }
    for (const item of value) checkValueLimits(item, maxNesting, depth + 1);
    return;
  }
  const fields = Object.values(value);
  if (fields.length > MAX_OBJECT_FIELDS) {
    throw new Error(
      `Object has too many fields (${fields.length} > maximum number ${MAX_OBJECT_FIELDS}). Store large maps as documents of a table.`,
    );
  }
  for (const field of fields) checkValueLimits(field, maxNesting, depth + 1);
}
