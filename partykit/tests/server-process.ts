/**
 * A real PartyKit server for tests: `partykit dev` in its own process tree, on a free port, with its state in a
 * directory of its own.
 *
 *   const server = await startPartyKit({ vars: { CONVEX_SITE_URL: "http://127.0.0.1:3211", … } });
 *   await server.kill();      // SIGKILL to the whole tree, workerd included
 *   await server.start();     // same port, same state
 *   await server.dispose();   // kills the tree and deletes the state
 */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../scripts/ports";
import { processIn, processTree } from "../../scripts/process-tree";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PARTYKIT = join(ROOT, "node_modules/partykit/dist/bin.mjs");
const READY_TIMEOUT_MS = 60_000;
const DEATH_TIMEOUT_MS = 10_000;
const POLL_MS = 25;
/** PartyKit's own inspector and asset ports are found from here on: parallel servers must not fight over them. */
const START_ATTEMPTS = 3;

export interface PartyKitOptions {
  /** What the rooms find in `env`. Overrides the repository's `.env`. */
  vars: Record<string, string>;
  /** Another entry file than partykit.json's, relative to the repository: a test party. */
  main?: string;
  /** An existing state directory; without it a new one that `dispose` deletes. */
  state?: string;
  port?: number;
}

export interface PartyKitServer {
  /** `127.0.0.1:port`, as `YPartyKitProvider` takes it. */
  readonly host: string;
  readonly port: number;
  readonly state: string;
  /** Everything that the server has printed since it was made. */
  output(): string;
  /** Process ids of the tree, the root first. Empty when it is down. */
  pids(): Promise<number[]>;
  /** The process that runs the rooms. */
  workerdPid(): Promise<number>;
  start(): Promise<void>;
  /** SIGKILL to the whole tree; resolves when it is gone. */
  kill(): Promise<void>;
  dispose(): Promise<void>;
  /** Names of the rooms' databases: a room object that was created has one. */
  objects(): Promise<string[]>;
}

export async function startPartyKit(options: PartyKitOptions): Promise<PartyKitServer> {
  const port = options.port ?? (await freePort());
  const state = options.state ?? (await mkdtemp(join(tmpdir(), "ripple-partykit-")));
  let rootPid: number | null = null;
  let exited: Promise<void> = Promise.resolve();
  let printed = "";

  async function pids(): Promise<number[]> {
    return rootPid === null ? [] : processTree(rootPid);
  }

  async function launch(): Promise<boolean> {
    const args = ["dev", ...(options.main === undefined ? [] : [options.main])];
    args.push("--disable-request-cf-fetch", "--no-hotkeys", "--port", String(port), "--persist", state);
    const vars = Object.entries(options.vars).map(([name, value]) => `${name}=${value}`);
    if (vars.length > 0) args.push("--var", ...vars);
    const child = spawn(process.execPath, [PARTYKIT, ...args], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, CI: "1", NO_COLOR: "1" },
    });
    const collect = (chunk: Buffer) => (printed += chunk.toString());
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    exited = new Promise((resolve) => {
      child.once("exit", () => {
        resolve();
      });
    });
    if (child.pid === undefined) throw new Error("partykit could not be started");
    rootPid = child.pid;
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (child.exitCode === null && Date.now() < deadline) {
      if (await answers(port)) return true;
      await delay(POLL_MS);
    }
    return false;
  }

  async function kill(): Promise<void> {
    const tree = await pids();
    // The root first, so that it cannot restart what dies.
    for (const pid of tree) signal(pid, "SIGKILL");
    await exited;
    rootPid = null;
    const deadline = Date.now() + DEATH_TIMEOUT_MS;
    while (tree.some(isAlive)) {
      if (Date.now() > deadline) throw new Error(`processes ${tree.join(", ")} do not die`);
      await delay(POLL_MS);
    }
  }

  async function start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      if (await launch()) return;
      await kill();
      if (attempt === START_ATTEMPTS) throw new Error(`partykit dev does not answer on ${port}:\n${printed}`);
    }
  }

  await start();
  return {
    host: `127.0.0.1:${port}`,
    port,
    state,
    output: () => printed,
    pids,
    async workerdPid() {
      const pid = rootPid === null ? null : await processIn(rootPid, "workerd");
      if (pid === null) throw new Error("workerd is not running");
      return pid;
    },
    start,
    kill,
    async dispose() {
      await kill();
      if (options.state === undefined) await rm(state, { recursive: true, force: true });
    },
    objects: () => roomDatabases(join(state, "party")),
  };
}

/** Polls until `condition` holds; fails with `what` after `timeoutMs`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`still not, after ${timeoutMs} ms: ${what}`);
    await delay(POLL_MS);
  }
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return true;
  } catch {
    // Not listening yet, or listening and not answering: both mean "ask again".
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

async function roomDatabases(directory: string): Promise<string[]> {
  const exists = await stat(directory).then(
    () => true,
    () => false,
  );
  if (!exists) return [];
  const names = await readdir(directory, { recursive: true });
  return names.filter((name) => name.endsWith(".sqlite")).sort();
}
