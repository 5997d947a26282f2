/** Child processes that go when their parent goes. */
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** How long a process may take to end by itself before it is killed. */
const STOP_GRACE_MS = 5_000;

/** The file that a package's command runs, so that it can be started without a shell or npx in between. */
export function binOf(packageName: string, command = packageName): string {
  const directory = join(process.cwd(), "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
    bin: string | Record<string, string>;
  };
  const file = typeof bin === "string" ? bin : bin[command];
  if (file === undefined) throw new Error(`${packageName} has no command ${command}`);
  return join(directory, file);
}

/** Starts Node on `args` in a process group of its own, so that all of it can be stopped together. */
export function spawnNode(args: string[], options: SpawnOptions = {}): ChildProcess {
  return spawn(process.execPath, args, { stdio: "inherit", ...options, detached: true });
}

/** Sends a signal to a process and everything that it started. Returns false when all of it is gone. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/** Asks a process group to end, insists after a grace period, and resolves when nothing of it is left. */
export async function stopGroup(child: ChildProcess, graceMs = STOP_GRACE_MS): Promise<void> {
  signalGroup(child, "SIGTERM");
  const insistAt = Date.now() + graceMs;
  while (signalGroup(child, 0)) {
    if (Date.now() > insistAt) signalGroup(child, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Runs a child to its end in place of this process: passes signals on, exits with its code. */
export async function becomeChild(child: ChildProcess): Promise<never> {
  const code = await endOf(child);
  await stopGroup(child);
  process.exit(code);
}

/**
 * The same for a server that may die without its process ending: `death` resolves when it has. All of it is stopped
 * then, and started again, with `message` to say so.
 */
export async function becomeServer(
  start: () => ChildProcess,
  death: (signal: AbortSignal) => Promise<void>,
  message: string,
): Promise<never> {
  for (;;) {
    const child = start();
    const watch = new AbortController();
    const end = await Promise.race([endOf(child), death(watch.signal).then(() => "dead" as const)]);
    watch.abort();
    await stopGroup(child);
    if (end !== "dead") process.exit(end);
    console.error(message);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The code with which a child ends. A signal to this process is passed on. */
function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    const stop = () => void stopGroup(child).then(() => conclude(0));
    const conclude = (code: number) => {
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve(code);
    };
    for (const signal of SIGNALS) process.once(signal, stop);
    child.once("exit", (exitCode) => conclude(exitCode ?? 1));
    child.once("error", (error) => {
      console.error(error.message);
      conclude(1);
    });
  });
}
