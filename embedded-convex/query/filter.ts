/** Filter expressions of `q => q.and(…)`, evaluated over one document. */
import { compareValues, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { fieldAt, type DocumentFields } from "../store/catalog";
import { UNDEFINED_JSON } from "./serialized";

/** A value where `undefined` may stand for an absent field. */
export function valueOrUndefined(json: JSONValue): Value | undefined {
  if (json !== null && typeof json === "object" && UNDEFINED_JSON in json) return undefined;
  return jsonToConvex(json);
}

export function matches(expression: JSONValue, document: DocumentFields): boolean {
  return evaluate(expression, document) === true;
}

function evaluate(expression: JSONValue, document: DocumentFields): Value | undefined {
  const [operator, operand] = soleEntry(expression);
  const operands = (): (Value | undefined)[] => list(operand).map((each) => evaluate(each, document));
  const compared = (): number => {
    const [left, right] = operands();
    return compareValues(left, right);
  };
  switch (operator) {
    case "$literal":
      return valueOrUndefined(operand);
    case "$field":
      return fieldAt(document, nameOf(operand));
    case "$eq":
      return compared() === 0;
    case "$neq":
      return compared() !== 0;
    case "$lt":
      return compared() < 0;
    case "$lte":
      return compared() <= 0;
    case "$gt":
      return compared() > 0;
    case "$gte":
      return compared() >= 0;
    case "$and":
      return list(operand).every((each) => evaluate(each, document) === true);
    case "$or":
      return list(operand).some((each) => evaluate(each, document) === true);
    case "$not":
      return evaluate(operand, document) !== true;
    case "$neg": {
      const value = evaluate(operand, document);
      if (typeof value === "number" || typeof value === "bigint") return -value;
      throw new Error("q.neg expects a number or a bigint");
    }
    case "$add":
    case "$sub":
    case "$mul":
    case "$div":
    case "$mod":
      return arithmetic(operator, operands());
    default:
      throw new Error(`Unknown filter operator ${operator}`);
  }
}

function arithmetic(
  operator: "$add" | "$sub" | "$mul" | "$div" | "$mod",
  [a, b]: (Value | undefined)[],
): Value {
  if (typeof a === "number" && typeof b === "number") {
    switch (operator) {
      case "$add":
        return a + b;
      case "$sub":
        return a - b;
      case "$mul":
        return a * b;
      case "$div":
        return a / b;
      case "$mod":
        return a % b;
    }
  }
  if (typeof a === "bigint" && typeof b === "bigint") {
    switch (operator) {
      case "$add":
        return a + b;
      case "$sub":
        return a - b;
      case "$mul":
        return a * b;
      case "$div":
        return a / b;
      case "$mod":
        return a % b;
    }
  }
  throw new Error(`q.${operator.slice(1)} expects two numbers or two bigints`);
}

function nameOf(operand: JSONValue): string {
  if (typeof operand !== "string") throw new Error("Malformed filter expression");
  return operand;
}

function soleEntry(expression: JSONValue): [string, JSONValue] {
  const entry =
    expression !== null && typeof expression === "object" ? Object.entries(expression)[0] : undefined;
  if (entry === undefined || Array.isArray(expression)) throw new Error("Malformed filter expression");
  return entry;
}

function list(operand: JSONValue): JSONValue[] {
  if (!Array.isArray(operand)) throw new Error("Malformed filter expression");
  return operand;
}
