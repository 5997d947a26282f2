/** Puts the parts together: two listeners on loopback, functions that follow their files, and an orderly stop. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { inspect } from "node:util";
import { checkCrons, Crons } from "./crons";
import { close, listen } from "./http/listener";
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

/** What is behind the listeners; open as soon as there are functions to run. */
interface Doors {
  api(request: IncomingMessage, response: ServerResponse): Promise<void>;
  site(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/**
 * Starts everything and resolves when the functions are loaded. Functions that cannot be loaded, or a schema that the
 * data violates, are reported and waited for: the developer who reads it is about to fix it. Rejects when a port is
 * taken.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { print } = options;
  const api = createServer();
  const site = createServer();
  let open: (doors: Doors) => void = () => undefined;
  const ready = new Promise<Doors>((resolve) => (open = resolve));
  // Before listening: Node leaves a request that nobody listens for without an answer, forever.
  api.on("request", (request, response) => {
    answer(request, response, print, async () => (await ready).api(request, response));
  });
  site.on("request", (request, response) => {
    answer(request, response, print, async () => (await ready).site(request, response));
  });
  api.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node has let go of the socket by now; a reset that nobody listens for would end the process.
    socket.on("error", () => socket.destroy());
    void ready.then((doors) => doors.upgrade(request, socket, head));
  });
  const port = await listen(api, HOST, options.port);
  const sitePort = await listen(site, HOST, options.sitePort).catch(async (error: unknown) => {
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

  const crons = new Crons(engine);
  const host: ApiHost = { engine, authenticator };
  const doors: Doors = {
    api: async (request, response) => {
      // As Convex's own local backend: the site is also a folder of the API's address.
      const path = request.url ?? "/";
      if (path === "/http" || path.startsWith("/http/")) {
        await handleHttpAction(host, siteUrl, path.slice("/http".length) || "/", request, response);
      } else {
        await handleApi(host, request, response);
      }
    },
    site: (request, response) => handleHttpAction(host, siteUrl, request.url ?? "/", request, response),
    upgrade: (request, socket, head) => sync.upgrade(request, socket, head),
  };

  const load = async (): Promise<void> => {
    environment = options.environment();
    const set = await loader.load();
    // What is refused is refused before anything of it is taken over.
    checkCrons(set);
    await engine.replaceFunctions(set, () => applySchema(store, set.schema));
    authenticator.configure(set.authConfig);
    sync.functionsChanged();
    await crons.replace(set.crons);
    open(doors);
    options.onLoaded?.();
  };

  let loading: Promise<void> = Promise.resolve();
  const reload = () => {
    loading = loading.then(async () => {
      const began = performance.now();
      try {
        await load();
        print(`Functions loaded in ${Math.round(performance.now() - began)} ms`);
      } catch (error) {
        print(`The functions could not be loaded. Fix this and save:\n${describe(error)}`);
      }
    });
  };
  loader.onChange(reload);
  reload();
  await ready;
  await scheduler.start();

  return {
    url,
    siteUrl,
    adminKey,
    stop: async () => {
      scheduler.stop();
      crons.stop();
      sync.close();
      await Promise.all([close(api), close(site), loader.close()]);
      await engine.idle();
      store.close();
    },
  };
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
  return error instanceof Error ? (error.stack ?? error.message) : inspect(error);
}
