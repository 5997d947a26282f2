/** Calls one function inside an execution: arguments checked before, the result after. */
import { jsonToConvex, type JSONValue, type Value } from "convex/values";
import { describeMismatch, validate, type TableOfId } from "../values/validate";
import { checkFieldNames } from "../values/field_names";
import { checkValueLimits, MAX_FUNCTION_VALUE_BYTES } from "../values/limits";
import { runAs, type Execution } from "./execution";
import { canonicalPath, type FunctionDefinition, type FunctionSet } from "./function_set";

/** Who may call what: clients only public functions, everybody else all. */
export type Access = "public" | "all";

/** The function, or the error that the caller gets. */
export function findFunction(
  set: FunctionSet,
  path: string,
  kind: FunctionDefinition["kind"] | "any",
  access: Access,
): FunctionDefinition {
  const definition = set.functions.get(canonicalPath(path));
  if (definition === undefined || (access === "public" && definition.visibility === "internal")) {
    throw new Error(
      `Could not find ${access === "public" ? "public function" : "function"} for '${canonicalPath(path).replace(/:default$/, "")}'. Did you forget to run \`npx convex dev\` or \`npx convex deploy\`?`,
    );
  }
  if (kind !== "any" && definition.kind !== kind) {
    throw new Error(
      `Trying to execute ${definition.path} as ${capital(kind)}, but it is defined as ${capital(definition.kind)}.`,
    );
  }
  return definition;
}

/** Runs the function and returns its result as Convex JSON text. Throws what it throws. */
export async function invoke(
  definition: FunctionDefinition,
  argsJson: JSONValue,
  execution: Execution,
  tableOfId: TableOfId,
): Promise<string> {
  const args = checkArguments(definition, argsJson, tableOfId);
  const text = JSON.stringify([args]);
  const result = await runAs(execution, () => {
    switch (definition.kind) {
      case "query":
        return definition.registered.invokeQuery(text);
      case "mutation":
        return definition.registered.invokeMutation(text);
      case "action":
        return definition.registered.invokeAction(execution.caller.request.id, text);
    }
  });
  checkResult(definition, result, tableOfId);
  return result;
}

/** The one object of arguments, whether it came alone or, as clients send it, in an array. */
export function soleArgument(args: JSONValue): JSONValue {
  if (!Array.isArray(args)) return args;
  if (args.length > 1) throw new Error("A function takes one object of arguments.");
  return args[0] ?? {};
}

function checkArguments(definition: FunctionDefinition, args: JSONValue, tableOfId: TableOfId): JSONValue {
  if (JSON.stringify(args).length > MAX_FUNCTION_VALUE_BYTES) {
    throw new Error(
      `Arguments for ${definition.path} are too large (maximum size: ${MAX_FUNCTION_VALUE_BYTES} bytes).`,
    );
  }
  checkFieldNames(args);
  const value: Value = jsonToConvex(args);
  if (value === null || typeof value !== "object" || Array.isArray(value) || value instanceof ArrayBuffer) {
    throw new Error("ArgumentValidationError: The arguments to a function must be an object.");
  }
  checkValueLimits(value);
  const mismatch = validate(definition.args, value, tableOfId);
  if (mismatch !== null) throw new Error(`ArgumentValidationError: ${describeMismatch(mismatch)}`);
  return args;
}

function checkResult(definition: FunctionDefinition, result: string, tableOfId: TableOfId): void {
  if (result.length > MAX_FUNCTION_VALUE_BYTES) {
    throw new Error(
      `Function ${definition.path} return value is too large (maximum size: ${MAX_FUNCTION_VALUE_BYTES} bytes).`,
    );
  }
  const value = jsonToConvex(JSON.parse(result) as JSONValue);
  checkValueLimits(value);
  if (definition.returns === null) return;
  const mismatch = validate(definition.returns, value, tableOfId);
  if (mismatch !== null) throw new Error(`ReturnsValidationError: ${describeMismatch(mismatch)}`);
}

function capital(kind: string): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}
