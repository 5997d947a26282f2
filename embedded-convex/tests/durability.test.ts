import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { afterAll, expect, test } from "vitest";
import { api } from "../conformance/api";
import { cuttableNetwork } from "../conformance/cuttable_socket";
import { CONFORMANCE_FUNCTIONS, QUIET } from "../conformance/deployment";
import { below, newSeed, seededRandom } from "./random";
import { removeFolder, startServerProcess, temporaryFolder } from "./server_process";

const ROUNDS = 20;
const STORM = 24;
const SURVIVOR_EVERY = 4;

const data = temporaryFolder();
afterAll(() => removeFolder(data));

test(
  `kill -9 in a storm of mutations, ${ROUNDS} times: none that was acknowledged is lost, none is half, none ran twice`,
  { timeout: 180_000 },
  async () => {
    const seed = newSeed();
    console.log(`SEED=${seed}`);
    const random = seededRandom(seed);
    let server = await startServerProcess({ functions: CONFORMANCE_FUNCTIONS, data });
    const [port, sitePort] = [new URL(server.url).port, new URL(server.siteUrl).port];
    const restart = () => startServerProcess({ functions: CONFORMANCE_FUNCTIONS, data, port, sitePort });
    const run = `storm ${seed}`;
    const acknowledged = new Set<string>();
    let increments = 0;
    const open = () =>
      new ConvexClient(server.url, { ...QUIET, webSocketConstructor: cuttableNetwork().socket });
    try {
      const id = await new ConvexHttpClient(server.url, QUIET).mutation(api.counters.create, { name: run });
      for (let round = 0; round < ROUNDS; round++) {
        // What this client was not answered before the crash may or may not have happened.
        const mortal = open();
        // This one lives on, and sends again what it was not answered. Its back-off is slow, so not in every round.
        const survivor = round % SURVIVOR_EVERY === 0 ? open() : null;
        let answers = 0;
        const killAfter = below(random, survivor === null ? STORM : STORM * 2);
        const killed: Promise<void>[] = [];
        const answered = () => {
          answers += 1;
          if (answers === killAfter + 1) killed.push(server.kill());
        };
        const clients = survivor === null ? [mortal] : [mortal, survivor];
        await Promise.all(clients.map((client) => client.query(api.counters.get, { id })));
        for (let i = 0; i < STORM; i++) {
          const key = `${round}/${i}`;
          void mortal.mutation(api.pairs.add, { run, key }).then(() => {
            acknowledged.add(key);
            answered();
          });
        }
        const mine: Promise<number>[] = [];
        for (let i = 0; survivor !== null && i < STORM; i++) {
          increments += 1;
          mine.push(survivor.mutation(api.counters.increment, { id }).finally(answered));
        }
        await expect.poll(() => killed.length, { timeout: 20_000, interval: 1 }).toBe(1);
        await Promise.all(killed);
        await mortal.close();
        server = await restart();
        await Promise.all(mine);
        await survivor?.close();
      }
      const http = new ConvexHttpClient(server.url, QUIET);
      const pairs = await http.query(api.pairs.all, { run });
      const stored = new Map(pairs);
      expect([...acknowledged].filter((key) => !stored.has(key))).toEqual([]);
      expect([...stored].filter(([, halves]) => halves !== "ab")).toEqual([]);
      expect(acknowledged.size).toBeGreaterThan(ROUNDS);
      expect(await http.query(api.counters.get, { id })).toBe(increments);
    } finally {
      await server.stop();
    }
  },
);
