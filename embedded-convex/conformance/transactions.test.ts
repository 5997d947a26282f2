import { expect, test } from "vitest";
import { api } from "./api";
import { httpClient, newRun, PATIENCE, useDeployment, withClient, withTwoClients } from "./deployment";

const deployment = useDeployment();

test("1,000 concurrent increments from two clients end at 1,000", { timeout: 60_000 }, async () => {
  await withTwoClients(deployment, async (one, two) => {
    const id = await one.mutation(api.counters.create, { name: newRun() });
    const returned = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) =>
        (i % 2 === 0 ? one : two).mutation(api.counters.increment, { id }),
      ),
    );
    expect(new Set(returned).size).toBe(1_000);
    expect(await one.query(api.counters.get, { id })).toBe(1_000);
  });
});

test("mutations of one client run in the order they were sent", async () => {
  await withClient(deployment, async (client) => {
    const id = await client.mutation(api.counters.create, { name: newRun() });
    const returned = await Promise.all(
      Array.from({ length: 20 }, () => client.mutation(api.counters.increment, { id })),
    );
    expect(returned).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });
});

test("a mutation that throws leaves nothing behind", async () => {
  const http = httpClient(deployment);
  const id = await http.mutation(api.counters.create, { name: newRun() });
  await expect(http.mutation(api.counters.incrementAndThrow, { id })).rejects.toThrow("after the write");
  expect(await http.query(api.counters.get, { id })).toBe(0);
});

test("a result that does not fit its validator rolls the mutation back", async () => {
  const http = httpClient(deployment);
  const id = await http.mutation(api.counters.create, { name: newRun() });
  await expect(http.mutation(api.counters.incrementAndReturnWrong, { id })).rejects.toThrow(
    "ReturnsValidationError",
  );
  expect(await http.query(api.counters.get, { id })).toBe(0);
});

test("a nested mutation that throws is undone alone when its caller catches", async () => {
  const http = httpClient(deployment);
  const id = await http.mutation(api.counters.create, { name: newRun() });
  const result = await http.mutation(api.counters.survivesNested, { id });
  expect(result.caught).toContain("after the write");
  expect(result).toMatchObject({ between: 10, after: 11 });
  expect(await http.query(api.counters.get, { id })).toBe(11);
});

test("nested mutations that were started at once do not lose updates", async () => {
  const http = httpClient(deployment);
  const id = await http.mutation(api.counters.create, { name: newRun() });
  expect(await http.mutation(api.counters.nestedAtOnce, { id, times: 20 })).toBe(20);
});

test("each mutation that an action calls is a transaction of its own", async () => {
  const http = httpClient(deployment);
  const id = await http.mutation(api.counters.create, { name: newRun() });
  expect(await http.action(api.counters.incrementFromAction, { id, times: 3 })).toBe(3);
});

test("a subscriber never sees half of a mutation, nor two queries of different moments", async () => {
  const run = newRun();
  const KEYS = 40;
  await withTwoClients(deployment, async (writer, reader) => {
    const pairs: string[][] = [];
    const halves = new Map<string, number>();
    const torn: unknown[] = [];
    reader.onUpdate(api.pairs.all, { run }, (all) => pairs.push(all.map(([, both]) => both)));
    for (const half of ["a", "b"] as const) {
      reader.onUpdate(api.pairs.count, { run, half }, (count) => halves.set(half, count));
    }
    // Called once per transition, when all results of it have been taken over.
    const stop = reader.client.addOnTransitionHandler(() => {
      const a = reader.client.localQueryResult("pairs:count", { run, half: "a" });
      const b = reader.client.localQueryResult("pairs:count", { run, half: "b" });
      if (a !== undefined && b !== undefined && a !== b) torn.push([a, b]);
    });
    await Promise.all(
      Array.from({ length: KEYS }, (_, i) => writer.mutation(api.pairs.add, { run, key: `k${i}` })),
    );
    await expect.poll(() => halves.get("b"), PATIENCE).toBe(KEYS);
    await expect.poll(() => pairs.at(-1)?.length, PATIENCE).toBe(KEYS);
    stop();
    expect(torn).toEqual([]);
    expect(pairs.flat().filter((both) => both !== "ab")).toEqual([]);
    const lengths = pairs.map((all) => all.length);
    expect(lengths).toEqual([...lengths].sort((x, y) => x - y));
  });
});
