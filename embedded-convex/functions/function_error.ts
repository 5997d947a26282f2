/** What a failed function tells its caller: Convex's wording, with source positions in `convex/`. */
import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { JSONValue } from "convex/values";

export interface FunctionFailure {
  /** `Uncaught Error: …` and the stack. */
  message: string;
  /** Of a ConvexError: its data as Convex JSON. */
  data?: JSONValue;
}

/** Carries a failure across a nested call; the `convex` package turns `data` back into a ConvexError. */
export class NestedFunctionError extends Error {
  readonly data: JSONValue | undefined;

  constructor(failure: FunctionFailure) {
    super(failure.message.trimEnd());
    this.data = failure.data;
  }
}

/** A failure from whatever a function threw, even from what cannot be turned into text. */
export function failureOf(thrown: unknown, functionsDirectory: string): FunctionFailure {
  try {
    return readFailure(thrown, functionsDirectory);
  } catch (unreadable) {
    const why =
      unreadable instanceof TypeError ? "an object that has no text" : "an error that cannot be read";
    return { message: `Uncaught ${why}` };
  }
}

function readFailure(thrown: unknown, functionsDirectory: string): FunctionFailure {
  if (!(thrown instanceof Error)) return { message: `Uncaught ${String(thrown)}` };
  const message = `Uncaught ${thrown.name}: ${thrown.message}${stackOf(thrown, functionsDirectory)}`;
  return isConvexError(thrown) ? { message, data: JSON.parse(thrown.data) as JSONValue } : { message };
}

/** What clients show: the failure with the id under which the terminal shows it too. */
export function clientMessage(failure: FunctionFailure, requestId: string): string {
  return `[Request ID: ${requestId}] Server Error\n${failure.message}`;
}

/** The `convex` package marks a ConvexError with a symbol, and leaves its data as JSON text. */
function isConvexError(error: Error): error is Error & { data: string } {
  return Symbol.for("ConvexError") in error && "data" in error && typeof error.data === "string";
}

function stackOf(error: Error, functionsDirectory: string): string {
  const frames: string[] = [];
  for (const line of (error.stack ?? "").split("\n")) {
    const frame = /^\s*at (?:(.*) \()?((?:file:\/\/)?\/[^)]*?):(\d+):(\d+)\)?$/.exec(line);
    if (frame === null) continue;
    const [, name, location = "", row, column] = frame;
    const path = location.startsWith("file://") ? fileURLToPath(location) : location;
    const inside = relative(functionsDirectory, path);
    // Frames of libraries and of this server say nothing about the application.
    if (
      isAbsolute(inside) ||
      inside.includes("node_modules") ||
      /^\.\.\/(\.\.\/|embedded-convex\/)/.test(inside)
    )
      continue;
    const shown = inside.startsWith("..") ? inside : `../convex/${inside}`;
    frames.push(`\n    at ${name ?? "<anonymous>"} (${shown}:${row ?? "?"}:${column ?? "?"})`);
  }
  return frames.length === 0 ? "" : `${frames.join("")}\n`;
}
