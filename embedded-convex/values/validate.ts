/**
 * Validators: does a value have the shape that `v.…` describes? Works on the JSON form of validators, which is
 * what `schema.export()`, `exportArgs()` and `exportReturns()` give.
 */
import { compareValues, jsonToConvex, type Value, type ValidatorJSON } from "convex/values";
import { printValidator, printValue } from "./print";

export interface Mismatch {
  /** Where in the value, as `.field[2].name`; empty for the value itself. */
  path: string;
  /** What is wrong, in a sentence. */
  problem: string;
  value: Value | undefined;
  validator: ValidatorJSON;
}

/** Which table an id belongs to; `null` for a string that is no id. */
export type TableOfId = (id: string) => string | null;

/** The first mismatch, or `null` when the value fits. */
export function validate(
  validator: ValidatorJSON,
  value: Value,
  tableOfId: TableOfId,
  path = "",
): Mismatch | null {
  const mismatch = (problem = "Value does not match validator."): Mismatch => ({
    path,
    problem,
    value,
    validator,
  });
  const check = (fits: boolean): Mismatch | null => (fits ? null : mismatch());
  switch (validator.type) {
    case "any":
      return null;
    case "null":
      return check(value === null);
    case "number":
      return check(typeof value === "number");
    case "bigint":
    case "commitTs":
      return check(typeof value === "bigint");
    case "boolean":
      return check(typeof value === "boolean");
    case "string":
      return check(typeof value === "string");
    case "bytes":
      return check(value instanceof ArrayBuffer);
    case "literal":
      return check(compareValues(jsonToConvex(validator.value), value) === 0);
    case "id": {
      if (typeof value !== "string") return mismatch();
      const table = tableOfId(value);
      if (table === validator.tableName) return null;
      return mismatch(
        table === null
          ? `Expected an ID for table "${validator.tableName}", but this is not an ID.`
          : `Found ID "${value}" from table "${table}", which does not match the table name in validator \`v.id("${validator.tableName}")\`.`,
      );
    }
    case "array": {
      if (!Array.isArray(value)) return mismatch();
      return firstOf(value, (item, i) => validate(validator.value, item, tableOfId, `${path}[${i}]`));
    }
    case "union":
      return check(validator.value.some((option) => validate(option, value, tableOfId) === null));
    case "record": {
      if (!isObject(value)) return mismatch();
      return firstOf(Object.entries(value), ([key, field]) => {
        const at = `${path}.${key}`;
        return (
          validate(validator.keys, key, tableOfId, at) ??
          validate(validator.values.fieldType, field, tableOfId, at)
        );
      });
    }
    case "object": {
      if (!isObject(value)) return mismatch();
      const expected = firstOf(Object.entries(validator.value), ([key, { fieldType, optional }]) => {
        const field = Object.hasOwn(value, key) ? value[key] : undefined;
        if (field !== undefined) return validate(fieldType, field, tableOfId, `${path}.${key}`);
        if (optional) return null;
        return mismatch(
          `Object is missing the required field \`${key}\`. Consider wrapping the field validator in \`v.optional(...)\` if this is expected.`,
        );
      });
      if (expected !== null) return expected;
      return firstOf(Object.keys(value), (key) =>
        Object.hasOwn(validator.value, key)
          ? null
          : mismatch(`Object contains extra field \`${key}\` that is not in the validator.`),
      );
    }
  }
}

/** A mismatch as people read it. */
export function describeMismatch({ path, problem, value, validator }: Mismatch): string {
  return [
    problem,
    ...(path === "" ? [] : [`Path: ${path}`]),
    `Value: ${printValue(value)}`,
    `Validator: ${printValidator(validator)}`,
  ].join("\n");
}

function firstOf<T>(
  items: readonly T[],
  check: (item: T, index: number) => Mismatch | null,
): Mismatch | null {
  for (const [index, item] of items.entries()) {
    const found = check(item, index);
    if (found !== null) return found;
  }
  return null;
}

function isObject(value: Value): value is Record<string, Value> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ArrayBuffer)
  );
}
