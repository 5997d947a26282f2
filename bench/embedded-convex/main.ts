/**
 * How fast is the embedded Convex? Run it on an idle machine, from the root of the repository:
 *
 *   npx tsx bench/embedded-convex/main.ts
 *
 * It starts the server on a free port and a temporary folder, and prints medians: operations inside functions at
 * 1,000 and at 100,000 rows, a mutation's way to another client's subscription, what 500 subscriptions on other
 * documents cost, and a start with all that data.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { anyApi, type ApiFromModules } from "convex/server";
import type { GenericId } from "convex/values";
import type * as rows from "./convex/rows";

const SERVER = fileURLToPath(new URL("../../embedded-convex/start.mjs", import.meta.url));
const FUNCTIONS = fileURLToPath(new URL("./convex", import.meta.url));
const SIZES = [1_000, 100_000];
const BATCH = 1_000;
/** Operations in one function call, and calls. */
const OPERATIONS = 200;
const CALLS = 31;
const UPDATES = 300;
const SUBSCRIPTIONS = 500;
const STARTS = 5;

type RowId = GenericId<"rows">;
const api = anyApi as unknown as ApiFromModules<{ rows: typeof rows }>;
const QUIET = { logger: false } as const;

interface Server {
  url: string;
  process: ChildProcess;
  startMs: number;
}

async function start(data: string): Promise<Server> {
  const began = performance.now();
  const args = ["--functions", FUNCTIONS, "--data", data, "--port", "0", "--site-port", "0", "--no-codegen"];
  const child = spawn(process.execPath, [SERVER, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  return await new Promise((resolve, reject) => {
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString("utf8");
      const url = / at (http:\S+), HTTP/.exec(output)?.[1];
      if (url !== undefined) resolve({ url, process: child, startMs: performance.now() - began });
    });
    child.once("close", () => reject(new Error(`The server ended.\n${output}`)));
  });
}

async function stop({ process: child }: Server): Promise<void> {
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  await closed;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Median microseconds of one operation, of calls that do many. */
async function perOperation(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < CALLS; i++) {
    const began = performance.now();
    await call();
    times.push(((performance.now() - began) * 1_000) / OPERATIONS);
  }
  return median(times);
}

async function measureOperations(http: ConvexHttpClient, ids: RowId[]): Promise<Record<string, number>> {
  const some = Array.from(
    { length: OPERATIONS },
    (_, i) => ids[Math.floor((i / OPERATIONS) * ids.length)],
  ).filter((id) => id !== undefined);
  let text = 0;
  return {
    "get by id": await perOperation(() => http.query(api.rows.getMany, { ids: some })),
    "indexed first": await perOperation(() =>
      http.query(api.rows.firstMany, { times: OPERATIONS, rows: ids.length }),
    ),
    "indexed take(20), descending": await perOperation(() =>
      http.query(api.rows.takeMany, { times: OPERATIONS }),
    ),
    patch: await perOperation(() =>
      http.mutation(api.rows.patchMany, { ids: some, text: `patched ${text++}` }),
    ),
  };
}

/** Median milliseconds from calling a mutation to another client's subscription having its result. */
async function measureUpdates(url: string, id: RowId): Promise<number> {
  const writer = new ConvexClient(url, QUIET);
  const reader = new ConvexClient(url, QUIET);
  let arrived: (text: string) => void = () => undefined;
  reader.onUpdate(api.rows.get, { id }, (row) => arrived(row?.text ?? ""));
  const times: number[] = [];
  for (let i = 0; i < UPDATES; i++) {
    const text = `update ${i}`;
    const began = performance.now();
    const seen = new Promise<void>((resolve) => {
      arrived = (now) => {
        if (now === text) resolve();
      };
    });
    await Promise.all([writer.mutation(api.rows.touch, { id, text }), seen]);
    times.push(performance.now() - began);
  }
  await Promise.all([writer.close(), reader.close()]);
  return median(times);
}

async function main(): Promise<void> {
  const loadBefore = loadavg()[0] ?? 0;
  const data = mkdtempSync(join(tmpdir(), "bench-embedded-convex-"));
  const print = (line: string) => process.stdout.write(`${line}\n`);
  let server = await start(data);
  try {
    let http = new ConvexHttpClient(server.url, QUIET);
    const ids: RowId[] = [];
    const results: Record<string, number>[] = [];
    for (const size of SIZES) {
      while (ids.length < size)
        ids.push(...(await http.mutation(api.rows.fill, { from: ids.length, count: BATCH })));
      results.push(await measureOperations(http, ids));
    }
    const [small = {}, large = {}] = results;
    print(`operation in a function, median µs     ${SIZES.join(" rows    ")} rows    ratio`);
    for (const [name, value] of Object.entries(large)) {
      const before = small[name] ?? Number.NaN;
      print(
        `${name.padEnd(38)} ${before.toFixed(1).padStart(10)} ${value.toFixed(1).padStart(15)} ${(value / before).toFixed(2).padStart(9)}`,
      );
    }

    const [target, ...others] = ids;
    if (target === undefined) throw new Error("there are no rows");
    const alone = await measureUpdates(server.url, target);
    const audience = new ConvexClient(server.url, QUIET);
    let loaded = 0;
    for (const id of others.slice(0, SUBSCRIPTIONS))
      audience.onUpdate(api.rows.get, { id }, () => (loaded += 1));
    while (loaded < SUBSCRIPTIONS) await new Promise((resolve) => setTimeout(resolve, 10));
    const watched = await measureUpdates(server.url, target);
    await audience.close();
    print(`\nmutation to another client's update, median: ${alone.toFixed(2)} ms`);
    print(`the same beside ${SUBSCRIPTIONS} subscriptions on other documents: ${watched.toFixed(2)} ms`);

    const starts: number[] = [];
    while (starts.length < STARTS) {
      await stop(server);
      server = await start(data);
      starts.push(server.startMs);
      http = new ConvexHttpClient(server.url, QUIET);
      await http.query(api.rows.get, { id: target });
    }
    print(
      `\nstart with ${ids.length} documents, median: ${median(starts).toFixed(0)} ms, fastest: ${Math.min(...starts).toFixed(0)} ms`,
    );
    const [before, after] = [loadBefore, loadavg()[0] ?? 0].map((load) => load.toFixed(1));
    print(
      `load of the machine (1 minute): ${before} before, ${after} after, ${availableParallelism()} cores`,
    );
  } finally {
    await stop(server);
    rmSync(data, { recursive: true, force: true });
  }
}

await main();
