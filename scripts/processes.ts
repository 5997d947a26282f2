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
  const code = await new Promise<number>((resolve) => {
    child.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once("exit", (exitCode) => resolve(exitCode ?? 1));
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        void stopGroup(child).then(() => resolve(0));
      });
    }
  });
  await stopGroup(child);
  process.exit(code);
}
