/** The server in this process, so that a minute of silence costs the test no minute. */
import { ConvexClient } from "convex/browser";
import { createServer } from "node:http";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Authenticator } from "../auth/authenticator";
import { api } from "../conformance/api";
import * as counters from "../conformance/convex/counters";
import { cuttableNetwork } from "../conformance/cuttable_socket";
import { QUIET } from "../conformance/deployment";
import { Engine } from "../engine";
import { Files } from "../files";
import { EMPTY_SCHEMA, functionsOfModule } from "../functions/function_set";
import { close, listen } from "../http/listener";
import { Store } from "../store/store";
import { SyncServer } from "../sync/sync_server";
import { removeFolder, temporaryFolder } from "./server_process";

const PING_INTERVAL_MS = 15_000;
/** The client gives a connection up after a minute without a message. */
const FIVE_MINUTES = 20;

const data = temporaryFolder();
const http = createServer();
let sync: SyncServer;
let store: Store;
let url: string;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  store = new Store(data);
  const engine = new Engine({
    store,
    files: new Files(store, ""),
    functionsDirectory: "/",
    print: () => undefined,
  });
  const functions = new Map(functionsOfModule("counters", counters).map((each) => [each.path, each]));
  const set = { functions, schema: EMPTY_SCHEMA, authConfig: { providers: [] }, router: null, crons: [] };
  await engine.replaceFunctions(set, ({ catalog }) => void catalog.ensure("counters"));
  sync = new SyncServer({ engine, authenticator: new Authenticator("") });
  http.on("upgrade", (request, socket, head) => sync.upgrade(request, socket, head));
  url = `http://127.0.0.1:${await listen(http, "127.0.0.1", 0)}`;
});
afterAll(async () => {
  sync.close();
  await close(http);
  store.close();
  vi.useRealTimers();
  removeFolder(data);
});

let client: ConvexClient | null = null;
afterEach(() => client?.close());

test("a client that has nothing to hear for five minutes keeps its connection", async () => {
  const network = cuttableNetwork();
  client = new ConvexClient(url, { ...QUIET, webSocketConstructor: network.socket });
  const id = await client.mutation(api.counters.create, { name: "silent" });
  const pings = () => network.received.filter((type) => type === "Ping").length;
  for (let turn = 1; turn <= FIVE_MINUTES; turn++) {
    vi.advanceTimersByTime(PING_INTERVAL_MS);
    await expect.poll(pings, { timeout: 5_000, interval: 1 }).toBe(turn);
  }
  expect(network.connections()).toBe(1);
  expect(await client.mutation(api.counters.increment, { id })).toBe(1);
});
