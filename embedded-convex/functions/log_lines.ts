/** What functions write to the console: kept for the client, and shown in the terminal as `convex dev` does. */
import { inspect } from "node:util";
import type { FunctionKind } from "./execution";

export type LogLevel = "DEBUG" | "LOG" | "INFO" | "WARN" | "ERROR";

const MAX_LINES = 256;
const MAX_LINE_CHARS = 32_768;

const LETTER: Record<FunctionKind, string> = { query: "Q", mutation: "M", action: "A", httpAction: "H" };

export class LogLines {
  constructor(
    private readonly kind: FunctionKind,
    private readonly path: string,
    private readonly print: (line: string) => void,
    /** `[LEVEL] text`, the form that the clients parse. */
    readonly lines: string[] = [],
  ) {}

  /** For a function that this one calls: its lines are shown under its own name and belong to both. */
  of(kind: FunctionKind, path: string): LogLines {
    return new LogLines(kind, path, this.print, this.lines);
  }

  add(level: LogLevel, args: readonly unknown[]): void {
    const text = args.map((arg) => inspect(arg, { depth: 6 })).join(" ");
    const line = `[${level}] ${text.slice(0, MAX_LINE_CHARS)}`;
    if (this.lines.length < MAX_LINES) this.lines.push(line);
    this.print(`${this.prefix()} ${line}`);
  }

  /** Shows a failure of the function in the terminal; the client gets it as the result. */
  failure(message: string): void {
    this.print(`${this.prefix()} ${message.trimEnd()}`);
  }

  private prefix(): string {
    return `${new Date().toLocaleString("en-US")} [CONVEX ${LETTER[this.kind]}(${this.path})]`;
  }
}
