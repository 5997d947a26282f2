/**
 * The command line:
 *
 *   node embedded-convex/start.mjs [--functions convex] [--data .embedded-convex] [--env-file .embedded-convex/.env]
 *                                  [--port 3210] [--site-port 3211] [--no-codegen]
 *
 * `--no-codegen` leaves `_generated` alone and types unchecked: for tests.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { Development } from "./development";
import { currentExecution } from "./functions/execution";
import { PortTakenError } from "./http/listener";
import { describe, startServer, type RunningServer } from "./server";

const { values: flags } = parseArgs({
  options: {
    functions: { type: "string", default: "convex" },
    data: { type: "string", default: ".embedded-convex" },
    "env-file": { type: "string" },
    port: { type: "string", default: "3210" },
    "site-port": { type: "string", default: "3211" },
    "no-codegen": { type: "boolean", default: false },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function portOf(flag: "port" | "site-port"): number {
  const port = Number(flags[flag]);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    fail(`--${flag} must be a port, not "${flags[flag]}".`);
  return port;
}

async function main(): Promise<void> {
  const functions = resolve(flags.functions);
  if (!existsSync(functions)) fail(`There is no folder ${functions} (--functions).`);
  const data = resolve(flags.data);
  const envFile = resolve(flags["env-file"] ?? join(data, ".env"));
  const [port, sitePort] = [portOf("port"), portOf("site-port")];
  const development = flags["no-codegen"] ? null : new Development(functions, say);
  await development
    ?.ensureGenerated()
    .catch((error: unknown) => fail(error instanceof Error ? error.message : describe(error)));
  const began = performance.now();
  let server: RunningServer;
  try {
    server = await startServer({
      functions,
      data,
      environment: () => (existsSync(envFile) ? environmentOf(readFileSync(envFile, "utf8")) : {}),
      port,
      sitePort,
      print: say,
      onLoaded: () => development?.follow(),
    });
  } catch (error) {
    if (error instanceof PortTakenError) {
      const flag = error.port === port ? "--port" : "--site-port";
      fail(
        `Port ${error.port} is taken: another server uses it. Stop that one, or choose another port with ${flag}.`,
      );
    }
    fail(`The embedded Convex could not start.\n${describe(error)}`);
  }
  say(
    `Embedded Convex runs ${basename(functions)}/ at ${server.url}, HTTP actions at ${server.siteUrl} (${Math.round(performance.now() - began)} ms)`,
  );

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    development?.stop();
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(describe(error)),
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // A function's promise that nobody awaited must not take the server and everybody's data connection with it.
  process.on("unhandledRejection", (error) => say(`Unhandled rejection in a function.\n${describe(error)}`));
  // Nor must what it throws in a timer. An error of the server itself leaves nobody knows what, and ends it.
  process.on("uncaughtException", (error) => {
    if (currentExecution() === null) fail(`The embedded Convex failed.\n${describe(error)}`);
    say(`Uncaught exception in a function.\n${describe(error)}`);
  });
}

function environmentOf(text: string): Record<string, string> {
  return Object.fromEntries(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? ""]));
}

void main();
