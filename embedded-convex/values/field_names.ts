/** Field names that no object of Convex may have, wherever it is nested. Looks at JSON, before it becomes a value. */
import type { JSONValue } from "convex/values";

/**
 * Throws for a field without a name, and for `__proto__`: assigning that one replaces an object's prototype, so its
 * value would be seen by the function and by no validator.
 */
export function checkFieldNames(json: JSONValue | undefined): void {
  if (json === undefined || json === null || typeof json !== "object") return;
  if (Array.isArray(json)) {
    for (const item of json) checkFieldNames(item);
    return;
  }
  for (const [name, value] of Object.entries(json)) {
    if (name === "") throw new Error("Field names must not be empty.");
    if (name === "__proto__") throw new Error("The field name `__proto__` is not allowed.");
    checkFieldNames(value);
  }
}
