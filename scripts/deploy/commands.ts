/**
 * How the deploy scripts run other programs. A program gets, of the variables that settings.ts knows, only those
 * that it is handed; secrets travel in its environment, in its standard input or in a private file, never in its
 * arguments, which logs print and every process of the machine can read.
 */
import { spawnSync } from "node:child_process";
import type { Env } from "../local-env";
import { binOf } from "../processes";
import { KNOWN_NAMES } from "./settings";

/** The version that the deploy scripts were checked with. Not a dependency: it needs a newer Node than the rest. */
const WRANGLER = "wrangler@4.164.0";

/** Longer than any of them takes. `convex env` otherwise waits for ever for a deployment that does not answer. */
const PATIENCE_MS = 10 * 60_000;

export interface Command {
  program: "convex" | "partykit" | "vite" | "wrangler";
  args: string[];
  /** What it gets of the settings, by name. */
  env: Env;
  cwd?: string;
  input?: string;
}

/** A program ended with a failure, or did not end. */
export class ProgramFailed extends Error {
  constructor(
    message: string,
    /** What it said about it, if that was captured. */
    readonly complaint: string,
  ) {
    super(message);
  }
}

/** What of a program's output is returned besides being shown: with `complaint` only as part of a failure. */
type Capture = "output" | "complaint";

/** Runs a program to its end and returns what it printed, if that is captured. Throws `ProgramFailed`. */
export type Run = (command: Command, capture?: Capture) => string;

export const run: Run = ({ program, args, env, cwd, input }, capture) => {
  const [file, ...first] =
    program === "wrangler" ? ["npx", "--yes", WRANGLER] : [process.execPath, binOf(program)];
  const { status, error, stdout, stderr } = spawnSync(file, [...first, ...args], {
    cwd,
    env: { ...unrelated(process.env), ...env },
    encoding: "utf8",
    input,
    timeout: PATIENCE_MS,
    stdio: [
      input === undefined ? "ignore" : "pipe",
      capture === "output" ? "pipe" : "inherit",
      capture === "complaint" ? "pipe" : "inherit",
    ],
  });
  if (capture === "complaint") process.stderr.write(stderr);
  const name = `\`${program} ${args.slice(0, 2).join(" ")}\``;
  if (error !== undefined) throw new ProgramFailed(`${name} did not end well: ${error.message}`, "");
  if (status !== 0)
    throw new ProgramFailed(`${name} failed, see above.`, capture === "complaint" ? stderr : "");
  return capture === "output" ? stdout : "";
};

/** Instead of running it, says what would be run. */
export const describe: Run = ({ program, args, env, input }) => {
  const variables = Object.keys(env).join(", ");
  const fed = input === undefined ? "" : `, standard input: ${namesIn(input).join(", ")}`;
  console.log(`would run: ${program} ${args.join(" ")}\n           variables: ${variables || "none"}${fed}`);
  return "";
};

function unrelated(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !KNOWN_NAMES.includes(name)));
}

function namesIn(dotenv: string): string[] {
  return dotenv.split("\n").flatMap((line) => line.split("=", 1).filter((name) => name !== ""));
}

/** The named ones of the settings that are set. */
export function pick(settings: Env, names: readonly string[]): Env {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.includes(name)));
}

/** A setting that the checks before the start have seen. */
export function required(settings: Env, name: string): string {
  const value = settings[name];
  if (value === undefined) throw new Error(`${name} was not checked before the start`);
  return value;
}
