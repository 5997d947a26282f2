/** Values and validators in error messages, written as they are written in code. */
import type { Value, ValidatorJSON } from "convex/values";

const MAX_PRINTED_CHARS = 1_000;

export function printValue(value: Value | undefined): string {
  const text = print(value);
  return text.length > MAX_PRINTED_CHARS ? `${text.slice(0, MAX_PRINTED_CHARS)}…` : text;
}

function print(value: Value | undefined): string {
  if (value === undefined) return "undefined";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (value instanceof ArrayBuffer) return `<${value.byteLength} bytes>`;
  if (Array.isArray(value)) return `[${value.map(print).join(", ")}]`;
  return `{${Object.entries(value as Record<string, Value>)
    .map(([key, field]) => `${key}: ${print(field)}`)
    .join(", ")}}`;
}

export function printValidator(validator: ValidatorJSON): string {
  switch (validator.type) {
    case "number":
      return "v.float64()";
    case "bigint":
      return "v.int64()";
    case "id":
      return `v.id("${validator.tableName}")`;
    case "literal":
      return `v.literal(${JSON.stringify(validator.value)})`;
    case "array":
      return `v.array(${printValidator(validator.value)})`;
    case "union":
      return `v.union(${validator.value.map(printValidator).join(", ")})`;
    case "record":
      return `v.record(${printValidator(validator.keys)}, ${printValidator(validator.values.fieldType)})`;
    case "object":
      return `v.object({${Object.entries(validator.value)
        .map(([key, { fieldType, optional }]) => {
          const field = printValidator(fieldType);
          return `${key}: ${optional ? `v.optional(${field})` : field}`;
        })
        .join(", ")}})`;
    default:
      return `v.${validator.type}()`;
  }
}
