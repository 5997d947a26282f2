/** The systems that run in Node, each as one process of its own, with a directory of its own for what it stores. */
import { fork, spawn, type ChildProcess, type Serializable } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { freePort } from "../../scripts/ports";
import { waitUntilAnswers } from "../../scripts/wait-until-answers";
import { open, type RunningSystem } from "./system";

const START_TIMEOUT_MS = 30_000;

const Writes = z.object({ writes: z.number() });

export async function startHocuspocus(): Promise<RunningSystem> {
  const directory = await mkdtemp(join(tmpdir(), "ripple-bench-"));
  const port = await freePort();
  const script = fileURLToPath(new URL("hocuspocus-server.mjs", import.meta.url));
  const child = fork(script, [String(port), join(directory, "documents.sqlite")], {
    execArgv: [],
    stdio: ["ignore", 2, 2, "ipc"],
  });
  await message(child);
  return {
    target: { flavor: "hocuspocus", host: `127.0.0.1:${port}` },
    pids: () => Promise.resolve(pidOf(child)),
    ...open,
    async storageWrites() {
      const answer = message(child);
      child.send("writes");
      return Writes.parse(await answer).writes;
    },
    stop: () => end(child, directory),
  };
}

/** The server that y-websocket 2.1 brings along, with its LevelDB persistence. */
export async function startYWebsocket(): Promise<RunningSystem> {
  const directory = await mkdtemp(join(tmpdir(), "ripple-bench-"));
  const port = await freePort();
  const script = fileURLToPath(new URL("../node_modules/y-websocket/bin/server.cjs", import.meta.url));
  const child = spawn(process.execPath, [script], {
    env: {
      ...process.env,
      HOST: "127.0.0.1",
      PORT: String(port),
      YPERSISTENCE: join(directory, "documents"),
    },
    stdio: ["ignore", "ignore", 2],
  });
  await waitUntilAnswers(`http://127.0.0.1:${port}`, START_TIMEOUT_MS);
  return {
    target: { flavor: "y-websocket", host: `127.0.0.1:${port}` },
    pids: () => Promise.resolve(pidOf(child)),
    ...open,
    storageWrites: () => Promise.resolve(null),
    stop: () => end(child, directory),
  };
}

function pidOf(child: ChildProcess): number[] {
  if (child.pid === undefined || child.exitCode !== null) throw new Error("the server has ended by itself");
  return [child.pid];
}

function message(child: ChildProcess): Promise<Serializable> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the server ended with ${code ?? "a signal"}`));
    child.once("exit", ended);
    child.once("message", (value) => {
      child.off("exit", ended);
      resolve(value);
    });
  });
}

/** Its storage goes with it, so there is nothing that it should have time for. */
async function end(child: ChildProcess, directory: string): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (child.kill("SIGKILL")) await ended;
  await rm(directory, { recursive: true, force: true });
}
