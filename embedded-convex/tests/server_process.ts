/** Starts the real command line on free ports, for tests; everything that it starts ends with the test. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll } from "vitest";

const START = fileURLToPath(new URL("../start.mjs", import.meta.url));
const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** Not under version control, and inside the repository, where packages are found. */
const BUILT = fileURLToPath(new URL("../../.tsbuild", import.meta.url));

/** Generous: a busy machine starts several of these at once. */
const START_TIMEOUT_MS = 30_000;

export interface ServerProcess {
  url: string;
  siteUrl: string;
  data: string;
  adminKey: string;
  /** All that it has printed. */
  output(): string;
  /** Ends it as a crash does. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it as Ctrl+C does. Resolves to its exit code. */
  stop(): Promise<number | null>;
}

export interface StartOptions {
  functions: string;
  /** A data folder of an earlier process. Without it a new, temporary one. */
  data?: string;
  envFile?: string;
  port?: string;
  sitePort?: string;
  /** By `start.mjs`, as developers start it. */
  fromSource?: boolean;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "embedded-convex-"));
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

let bundle: Promise<string> | null = null;
let bundleFolder: string | null = null;

afterAll(() => {
  if (bundleFolder !== null) removeFolder(bundleFolder);
});

/**
 * The server as one JavaScript file. The same program, but a start costs less than from source, and the tests
 * start it some forty times; `command_line.test.ts` starts it the way developers do.
 */
function bundledMain(): Promise<string> {
  bundle ??= (async () => {
    mkdirSync(BUILT, { recursive: true });
    const outDir = mkdtempSync(join(BUILT, "embedded-convex-"));
    bundleFolder = outDir;
    await build({
      configFile: false,
      logLevel: "error",
      build: { ssr: MAIN, outDir, target: "node20", emptyOutDir: true },
    });
    return join(outDir, "main.js");
  })();
  return bundle;
}

export async function startServerProcess(options: StartOptions): Promise<ServerProcess> {
  const data = options.data ?? temporaryFolder();
  const args = ["--functions", options.functions, "--data", data, "--no-codegen"];
  args.push("--port", options.port ?? "0", "--site-port", options.sitePort ?? "0");
  if (options.envFile !== undefined) args.push("--env-file", options.envFile);
  const program = options.fromSource ? [START] : [await bundledMain()];
  const child = spawn(process.execPath, [...program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const collect = (part: Buffer) => (output += part.toString("utf8"));
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const exited = exitOf(child);
  const [url, siteUrl] = await started(child, () => output);
  return {
    url,
    siteUrl,
    data,
    adminKey: readFileSync(join(data, "admin_key"), "utf8").trim(),
    output: () => output,
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
    stop: async () => {
      child.kill("SIGTERM");
      return await exited;
    },
  };
}

/** Runs the command line to its end: for starts that are refused. */
export async function runToEnd(args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [await bundledMain(), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const collect = (part: Buffer) => (output += part.toString("utf8"));
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return { code: await exitOf(child), output };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("close", (code) => resolve(code)));
}

function started(child: ChildProcess, output: () => string): Promise<[string, string]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail("did not start in time"), START_TIMEOUT_MS);
    const fail = (what: string) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new Error(`The server ${what}.\n${output()}`));
    };
    const look = () => {
      const found = / at (http:\S+), HTTP actions at (http:\S+) /.exec(output());
      if (found?.[1] === undefined || found[2] === undefined) return;
      clearTimeout(timer);
      resolve([found[1], found[2]]);
    };
    child.stdout?.on("data", look);
    child.once("close", () => fail("ended"));
  });
}
