/** Puts the parts together: two listeners on loopback, functions that follow their files, and an orderly stop. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { Authenticator } from "./auth/authenticator";
import { Engine } from "./engine";
import { Files } from "./files";
import { Loader } from "./functions/loader";
import { installSandbox } from "./functions/sandbox";
import { applySchema } from "./functions/schema_change";
import { handleApi, type ApiHost } from "./http/api";
import { sendError } from "./http/exchange";
import { handleHttpAction } from "./http/http_actions";
import { Scheduler } from "./scheduler";
import { Store } from "./store/store";
import { SyncServer } from "./sync/sync_server";

export const HOST = "127.0.0.1";

export interface ServerOptions {
  /** The `convex/` folder. */
  functions: string;
  /** Where everything is kept. */
  data: string;
  /** Variables of the deployment, read again at every reload. */
  environment: () => Record<string, string>;
  port: number;
  sitePort: number;
  print: (line: string) => void;
  /** Runs after functions were loaded, at the start and after a change. */
  onLoaded?: () => void;
}

export interface RunningServer {
  url: string;
  siteUrl: string;
  adminKey: string;
  stop(): Promise<void>;
}

/** A port that somebody else has; which flag changes it is the command line's business. */
export class PortTakenError extends Error {
  constructor(readonly port: number) {
    super(`Port ${port} is taken.`);
  }
}

/** Starts everything. Rejects when a port is taken or the functions cannot be loaded for the first time. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { print } = options;
  const api = createServer();
  const site = createServer();
  const port = await listen(api, options.port);
  const sitePort = await listen(site, options.sitePort).catch(async (error: unknown) => {
    await close(api);
    throw error;
  });
  const url = `http://${HOST}:${port}`;
  const siteUrl = `http://${HOST}:${sitePort}`;

  let environment = options.environment();
  installSandbox(() => ({ ...environment, CONVEX_CLOUD_URL: url, CONVEX_SITE_URL: siteUrl }));
  const store = new Store(options.data);
  const adminKey = keptAdminKey(options.data);
  const engine = new Engine({
    store,
    files: new Files(store, url),
    functionsDirectory: options.functions,
    print,
  });
  const authenticator = new Authenticator(adminKey);
  const scheduler = new Scheduler(engine);
  const sync = new SyncServer({ engine, authenticator });
  const loader = await Loader.open(options.functions);

  const load = async (): Promise<void> => {
    environment = options.environment();
    const set = await loader.load();
    await engine.replaceFunctions(set, () => applySchema(store, set.schema));
    authenticator.configure(set.authConfig);
    sync.functionsChanged();
    options.onLoaded?.();
  };

  const host: ApiHost = { engine, authenticator };
  api.on("request", (request, response) => {
    answer(request, response, print, async () => {
      // As Convex's own local backend: the site is also a folder of the API's address.
      const path = request.url ?? "/";
      if (path === "/http" || path.startsWith("/http/")) {
        await handleHttpAction(host, siteUrl, path.slice("/http".length) || "/", request, response);
      } else {
        await handleApi(host, request, response);
      }
    });
  });
  site.on("request", (request, response) => {
    answer(request, response, print, () =>
      handleHttpAction(host, siteUrl, request.url ?? "/", request, response),
    );
  });
  api.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    sync.upgrade(request, socket, head),
  );

  const stop = async (): Promise<void> => {
    sync.close();
    await Promise.all([close(api), close(site), scheduler.stop(), loader.close()]);
    await engine.idle();
    store.close();
  };
  try {
    await load();
    await scheduler.start();
  } catch (error) {
    await stop();
    throw error;
  }
  let reloading = Promise.resolve();
  loader.onChange(() => {
    const began = performance.now();
    reloading = reloading.then(load).then(
      () => print(`Functions reloaded in ${Math.round(performance.now() - began)} ms`),
      (error: unknown) =>
        print(`The functions could not be loaded; the previous ones stay.\n${describe(error)}`),
    );
  });
  return { url, siteUrl, adminKey, stop };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  print: (line: string) => void,
  handle: () => Promise<void>,
): void {
  handle().catch((error: unknown) => {
    print(`${request.method ?? ""} ${request.url ?? ""} failed.\n${describe(error)}`);
    if (response.headersSent) response.destroy();
    else
      sendError(response, 500, "InternalServerError", "The embedded Convex failed. Its terminal says why.");
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? new PortTakenError(port) : error);
    });
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** The key for `npx convex run`, made once. Only its owner may read it. */
function keptAdminKey(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, "admin_key");
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  const key = `local-embedded|${randomBytes(24).toString("hex")}`;
  writeFileSync(path, `${key}\n`, { mode: 0o600 });
  return key;
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
