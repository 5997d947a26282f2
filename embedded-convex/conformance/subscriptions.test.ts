import { ConvexClient } from "convex/browser";
import { ConvexReactClient } from "convex/react";
import { expect, test } from "vitest";
import { api } from "./api";
import { cuttableNetwork } from "./cuttable_socket";
import { httpClient, newRun, PATIENCE, QUIET, useDeployment, withClient, withTwoClients } from "./deployment";

const deployment = useDeployment();

test("a query runs again when what it read was written, and only then", async () => {
  await withTwoClients(deployment, async (reader, writer) => {
    const mine = await writer.mutation(api.counters.create, { name: newRun() });
    const other = await writer.mutation(api.counters.create, { name: newRun() });
    const runs: (number | null)[] = [];
    reader.onUpdate(api.counters.getWithTime, { id: mine }, ({ value }) => runs.push(value));
    await expect.poll(() => runs, PATIENCE).toEqual([0]);
    for (let i = 0; i < 5; i++) await writer.mutation(api.counters.increment, { id: other });
    await writer.mutation(api.counters.increment, { id: mine });
    await expect.poll(() => runs.at(-1), PATIENCE).toBe(1);
    expect(runs).toEqual([0, 1]);
  });
});

test("a range of an index that holds nothing yet is watched too, and its neighbours are not", async () => {
  await withTwoClients(deployment, async (reader, writer) => {
    const place = { run: newRun(), channel: "watched" };
    const seen: number[][] = [];
    reader.onUpdate(api.messages.ranks, { ...place, order: "asc", gte: 10, lt: 20 }, (ranks) =>
      seen.push(ranks),
    );
    await expect.poll(() => seen, PATIENCE).toEqual([[]]);
    await writer.mutation(api.messages.sendMany, { ...place, ranks: [9, 20] });
    await writer.mutation(api.messages.sendMany, { ...place, ranks: [10] });
    await expect.poll(() => seen, PATIENCE).toEqual([[], [10]]);
  });
});

test("an optimistic update shows at once and gives way to the result without a flicker", async () => {
  await withClient(deployment, async (client) => {
    const id = await client.mutation(api.counters.create, { name: newRun() });
    const seen: (number | null)[] = [];
    client.onUpdate(api.counters.get, { id }, (value) => seen.push(value));
    await expect.poll(() => seen, PATIENCE).toEqual([0]);
    const done = client.mutation(
      api.counters.increment,
      { id },
      { optimisticUpdate: (store) => store.setQuery(api.counters.get, { id }, 1) },
    );
    expect(seen).toEqual([0, 1]);
    await done;
    await client.mutation(api.counters.increment, { id });
    await expect.poll(() => seen.at(-1), PATIENCE).toBe(2);
    // The client may report an optimistic value once more when the server confirms it; it never goes back.
    expect(seen.filter((value, i) => value !== seen[i - 1])).toEqual([0, 1, 2]);
  });
});

test("a client reads its own writes as soon as a mutation resolves", async () => {
  await withClient(deployment, async (client) => {
    const id = await client.mutation(api.counters.create, { name: newRun() });
    let current: number | null = null;
    client.onUpdate(api.counters.get, { id }, (value) => (current = value));
    await expect.poll(() => current, PATIENCE).toBe(0);
    for (let i = 1; i <= 10; i++) {
      await client.mutation(api.counters.increment, { id });
      expect(client.client.localQueryResult("counters:get", { id })).toBe(i);
    }
  });
});

test("a failing query tells its subscriber, and recovers when the cause is gone", async () => {
  await withTwoClients(deployment, async (reader, writer) => {
    const place = { run: newRun(), channel: "fails" };
    const seen: unknown[] = [];
    await writer.mutation(api.messages.sendMany, { ...place, ranks: [1, 2] });
    reader.onUpdate(
      api.messages.only,
      place,
      (message) => seen.push(message?.rank),
      (error) => seen.push(/more than one/.test(error.message) || /Server Error/.test(error.message)),
    );
    await expect.poll(() => seen, PATIENCE).toEqual([true]);
    const page = await writer.query(api.messages.page, {
      ...place,
      paginationOpts: { cursor: null, numItems: 1 },
    });
    for (const { _id } of page.page) await writer.mutation(api.messages.remove, { id: _id });
    await expect.poll(() => seen, PATIENCE).toEqual([true, 1]);
  });
});

test("mutations that were under way when the connection broke run exactly once", async () => {
  const id = await httpClient(deployment).mutation(api.counters.create, { name: newRun() });
  const CLIENTS = 8;
  const MUTATIONS = 20;
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, turns) => {
      const network = cuttableNetwork();
      const client = new ConvexClient(deployment.url, { ...QUIET, webSocketConstructor: network.socket });
      try {
        await client.query(api.counters.get, { id });
        const results = Array.from({ length: MUTATIONS }, () =>
          client.mutation(api.counters.increment, { id }),
        );
        // Some have been sent, some executed, some answered: for each client the network fails at another point.
        for (let turn = 0; turn < turns * 2; turn++) await new Promise((resolve) => setImmediate(resolve));
        network.cut();
        const returned = await Promise.all(results);
        expect(returned).toEqual([...returned].sort((x, y) => x - y));
      } finally {
        await client.close();
      }
    }),
  );
  expect(await httpClient(deployment).query(api.counters.get, { id })).toBe(CLIENTS * MUTATIONS);
});

test("subscriptions go on after the connection broke", async () => {
  const network = cuttableNetwork();
  const client = new ConvexClient(deployment.url, { ...QUIET, webSocketConstructor: network.socket });
  try {
    const id = await client.mutation(api.counters.create, { name: newRun() });
    const seen: (number | null)[] = [];
    client.onUpdate(api.counters.get, { id }, (value) => seen.push(value));
    await expect.poll(() => seen, PATIENCE).toEqual([0]);
    network.cut();
    await httpClient(deployment).mutation(api.counters.increment, { id });
    await expect.poll(() => seen, PATIENCE).toEqual([0, 1]);
  } finally {
    await client.close();
  }
});

test("a result of several megabytes arrives whole, in chunks", async () => {
  const network = cuttableNetwork();
  const client = new ConvexClient(deployment.url, { ...QUIET, webSocketConstructor: network.socket });
  try {
    const chars = 6_000_000;
    let result = "";
    client.onUpdate(api.values.big, { chars }, (text) => (result = text));
    await expect.poll(() => result.length, PATIENCE).toBe(chars);
    expect(result).toBe("0123456789".repeat(chars / 10));
    expect(network.received).toContain("TransitionChunk");
  } finally {
    await client.close();
  }
});

test("the React client queries, watches and mutates", async () => {
  const client = new ConvexReactClient(deployment.url, {
    ...QUIET,
    webSocketConstructor: cuttableNetwork().socket,
  });
  try {
    const id = await client.mutation(api.counters.create, { name: newRun() });
    const watch = client.watchQuery(api.counters.get, { id });
    const seen: (number | null | undefined)[] = [];
    const stop = watch.onUpdate(() => seen.push(watch.localQueryResult()));
    await expect.poll(() => seen, PATIENCE).toEqual([0]);
    await client.mutation(api.counters.increment, { id });
    await expect.poll(() => seen, PATIENCE).toEqual([0, 1]);
    stop();
    expect(await client.query(api.counters.get, { id })).toBe(1);
    expect(await client.action(api.counters.incrementFromAction, { id, times: 1 })).toBe(2);
  } finally {
    await client.close();
  }
});
