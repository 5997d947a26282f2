/**
 * All of Ripple on free ports with a data directory of its own, for tests: the page, the embedded Convex and
 * `partykit dev`. Each can be killed as a crash would and started again on the same port and data.
 */
import type { ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Line } from "./line";
import { ensureLocalEnv, type Env } from "./local-env";
import { buildPage, copyPage } from "./page-build";
import { freePort } from "./ports";
import { binOf, signalGroup, spawnNode, stopGroup } from "./processes";
import { waitUntilAnswers } from "./wait-until-answers";

const START_TIMEOUT_MS = 60_000;

/** `partykit dev` looks for ports of its own, and two that start at the same moment may find the same one. */
const START_ATTEMPTS = 3;

interface Command {
  name: string;
  args: string[];
  env?: Env;
  /** Answers as soon as the server works. */
  readyUrl: string;
  logFile: string;
}

export class Server {
  readonly #command: Command;
  #child: ChildProcess | undefined;

  constructor(command: Command) {
    this.#command = command;
    // A test run that breaks down must not leave servers behind.
    process.once("exit", () => {
      if (this.#child !== undefined) signalGroup(this.#child, "SIGKILL");
    });
  }

  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#launch();
        return;
      } catch (error) {
        await this.kill();
        if (attempt === START_ATTEMPTS) throw error;
      }
    }
  }

  async #launch(): Promise<void> {
    const { name, args, env, readyUrl, logFile } = this.#command;
    const log = openSync(logFile, "a");
    const child = spawnNode(args, { stdio: ["ignore", log, log], env: { ...process.env, ...env } });
    closeSync(log);
    this.#child = child;
    const died = new Promise<never>((_resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`${name} ended with ${code}:\n${this.log()}`)));
    });
    await Promise.race([waitUntilAnswers(readyUrl, START_TIMEOUT_MS), died]);
    // From here on an exit is the test's own doing.
    died.catch(() => {
      if (this.#child === child) this.#child = undefined;
    });
  }

  /** SIGKILL to every process of this server, as a crash or a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    while (signalGroup(child, "SIGKILL")) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#child = undefined;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child !== undefined) await stopGroup(child);
    this.#child = undefined;
  }

  log(): string {
    return readFileSync(this.#command.logFile, "utf8");
  }
}

export interface Stack {
  pageUrl: string;
  convexUrl: string;
  convexSiteUrl: string;
  partykitHost: string;
  /** Where PartyKit keeps its rooms. */
  partykitState: string;
  /** PartyKit's variables, the secrets among them. */
  secrets: Env;
  vite: Server;
  convex: Server;
  partykit: Server;
  /** PartyKit's way to Convex, which the page does not use. */
  lineToConvex: Line;
  stop: () => Promise<void>;
}

/** `builtPage` is where `buildPage` has put it; without one the stack builds its own. */
export async function startStack(builtPage?: string): Promise<Stack> {
  const directory = mkdtempSync(join(tmpdir(), "ripple-stack-"));
  const dataDirectory = join(directory, ".embedded-convex");
  const partykitState = join(directory, "partykit");
  mkdirSync(dataDirectory);
  const [vitePort, convexPort, sitePort, partykitPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const pageUrl = `http://127.0.0.1:${vitePort}`;
  const convexUrl = `http://127.0.0.1:${convexPort}`;
  const convexSiteUrl = `http://127.0.0.1:${sitePort}`;
  const partykitHost = `127.0.0.1:${partykitPort}`;
  const lineToConvex = await Line.to(sitePort);
  const { partykit: secrets } = ensureLocalEnv(directory, {
    convexSiteUrl: `http://127.0.0.1:${lineToConvex.port}`,
    siteUrl: pageUrl,
    partykitUrl: `http://${partykitHost}`,
  });

  const convex = new Server({
    name: "the embedded Convex",
    args: [
      "embedded-convex/start.mjs",
      `--data=${dataDirectory}`,
      `--env-file=${join(dataDirectory, ".env")}`,
      `--port=${convexPort}`,
      `--site-port=${sitePort}`,
      "--no-codegen",
    ],
    readyUrl: `${convexUrl}/version`,
    logFile: join(directory, "convex.log"),
  });
  const partykit = new Server({
    name: "partykit dev",
    args: [
      binOf("partykit"),
      "dev",
      `--port=${partykitPort}`,
      `--persist=${partykitState}`,
      ...Object.entries(secrets).map(([name, value]) => `--var=${name}=${value}`),
      "--disable-request-cf-fetch",
      "--no-hotkeys",
    ],
    readyUrl: `http://${partykitHost}`,
    logFile: join(directory, "partykit.log"),
  });
  const page = join(directory, "page");
  const vite = new Server({
    name: "Vite",
    args: [binOf("vite"), "preview", `--outDir=${page}`],
    env: { VITE_PORT: String(vitePort) },
    readyUrl: pageUrl,
    logFile: join(directory, "vite.log"),
  });

  const stop = async () => {
    await Promise.all([vite.stop(), convex.stop(), partykit.stop(), lineToConvex.close()]);
    rmSync(directory, { recursive: true });
  };
  try {
    const built = builtPage ?? join(directory, "built");
    if (builtPage === undefined) buildPage(built);
    copyPage(built, page, { convexUrl, partykitHost });
    await Promise.all([vite.start(), convex.start(), partykit.start()]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pageUrl,
    convexUrl,
    convexSiteUrl,
    partykitHost,
    partykitState,
    secrets,
    vite,
    convex,
    partykit,
    lineToConvex,
    stop,
  };
}
