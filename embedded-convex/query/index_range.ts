/** From `withIndex("by_x", q => q.eq(…).gt(…))` to two keys. */
import { afterPrefix, encodeIndexKey, MAX_KEY, type IndexKey } from "../values/index_key";
import type { Index } from "../store/catalog";
import { valueOrUndefined } from "./filter";
import type { RangeExpression } from "./serialized";

export interface KeyRange {
  lower: IndexKey;
  upper: IndexKey;
}

export const WHOLE_INDEX: KeyRange = { lower: "", upper: MAX_KEY };

/**
 * The keys that an index range selects: equalities on the first fields in their order, then at most one lower and
 * one upper bound on the next field. Anything else throws.
 */
export function keyRange(index: Index, expressions: readonly RangeExpression[]): KeyRange {
  let prefix: IndexKey = "";
  let position = 0;
  let lower: IndexKey | null = null;
  let upper: IndexKey | null = null;
  for (const { type, fieldPath, value } of expressions) {
    const expected = index.fields[position];
    if (fieldPath !== expected) {
      throw new Error(
        `Tried to query index ${index.table}.${index.name} but the index range is not a prefix of its fields: expected a condition on ${expected === undefined ? "nothing more" : `"${expected}"`}, found one on "${fieldPath}". The fields of the index are ${JSON.stringify(index.fields)}.`,
      );
    }
    const encoded = prefix + encodeIndexKey([valueOrUndefined(value)]);
    if (type === "Eq") {
      if (lower !== null || upper !== null) throw outOfOrder(index);
      prefix = encoded;
      position += 1;
    } else if (type === "Gt" || type === "Gte") {
      if (lower !== null) throw outOfOrder(index);
      lower = type === "Gt" ? afterPrefix(encoded) : encoded;
    } else {
      if (upper !== null) throw outOfOrder(index);
      upper = type === "Lte" ? afterPrefix(encoded) : encoded;
    }
  }
  return { lower: lower ?? prefix, upper: upper ?? afterPrefix(prefix) };
}

function outOfOrder(index: Index): Error {
  return new Error(
    `Tried to query index ${index.table}.${index.name} with an invalid range: equalities come first, then at most one lower and one upper bound on the same field.`,
  );
}
