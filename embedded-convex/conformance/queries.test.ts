import { compareValues, type Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { api } from "./api";
import { httpClient, newRun, PATIENCE, useDeployment } from "./deployment";

const deployment = useDeployment();

describe("index ranges", () => {
  const bounds = [
    { bound: {}, expected: [0, 1, 2, 3, 4] },
    { bound: { gt: 1 }, expected: [2, 3, 4] },
    { bound: { gte: 1 }, expected: [1, 2, 3, 4] },
    { bound: { lt: 3 }, expected: [0, 1, 2] },
    { bound: { lte: 3 }, expected: [0, 1, 2, 3] },
    { bound: { gt: 0, lte: 2 }, expected: [1, 2] },
    { bound: { gte: 2, lt: 2 }, expected: [] },
  ];
  test("give the rows between their bounds in both orders, and of no other prefix", async () => {
    const http = httpClient(deployment);
    const place = { run: newRun(), channel: "general" };
    await http.mutation(api.messages.sendMany, { ...place, ranks: [3, 1, 4, 0, 2] });
    await http.mutation(api.messages.sendMany, { ...place, channel: "generam", ranks: [2] });
    await http.mutation(api.messages.sendMany, { ...place, channel: "genera", ranks: [2] });
    for (const { bound, expected } of bounds) {
      const asc = await http.query(api.messages.ranks, { ...place, ...bound, order: "asc" });
      const desc = await http.query(api.messages.ranks, { ...place, ...bound, order: "desc" });
      expect(asc, JSON.stringify(bound)).toEqual(expected);
      expect(desc, JSON.stringify(bound)).toEqual([...expected].reverse());
    }
    expect(await http.query(api.messages.ranks, { ...place, order: "desc", take: 2 })).toEqual([4, 3]);
  });
});

test("values of all types stand in Convex's order, and come back as they went in", async () => {
  const values: Value[] = [
    null,
    -5n,
    0n,
    2n ** 40n,
    -Infinity,
    -1.5,
    -0,
    0,
    1e-7,
    3,
    Infinity,
    NaN,
    false,
    true,
    "",
    "a",
    "a\u0000b",
    "ab",
    "ä",
    "日本",
    "🦊",
    new ArrayBuffer(0),
    new Uint8Array([0, 255]).buffer,
    new Uint8Array([1]).buffer,
    [],
    [1],
    [1, "x"],
    [2],
    {},
    { a: 1 },
    { a: 1, b: null },
    { b: 0 },
  ];
  const http = httpClient(deployment);
  const run = newRun();
  await http.mutation(api.values.put, { run, values: [...values].reverse() });
  const stored = (await http.query(api.values.inOrder, { run })) as Value[];
  expect(stored).toEqual([...values].sort(compareValues));
  expect(Object.is(stored[6], -0)).toBe(true);
});

test("filters see what the index range leaves", async () => {
  const http = httpClient(deployment);
  const place = { run: newRun(), channel: "filters" };
  await http.mutation(api.messages.sendMany, { ...place, ranks: [0, 1, 2, 3, 4, 5] });
  await http.mutation(api.messages.send, { ...place, body: "noted", rank: 9, note: "yes" });
  expect(await http.query(api.messages.filtered, { ...place, keep: "odd" })).toEqual([1, 3, 5, 9]);
  expect(await http.query(api.messages.filtered, { ...place, keep: "small or noted" })).toEqual([0, 1, 9]);
});

test("a field that is patched to undefined is gone", async () => {
  const http = httpClient(deployment);
  const id = await http.mutation(api.messages.send, {
    run: newRun(),
    channel: "patch",
    body: "b",
    rank: 1,
    note: "n",
  });
  expect(await http.query(api.messages.get, { id })).toMatchObject({ note: "n" });
  await http.mutation(api.messages.clearNote, { id });
  const document = await http.query(api.messages.get, { id });
  expect(document).not.toHaveProperty("note");
  expect(Object.keys(document ?? {})).toEqual(["_creationTime", "_id", "body", "channel", "rank", "run"]);
});

test("unique refuses two documents", async () => {
  const http = httpClient(deployment);
  const place = { run: newRun(), channel: "unique" };
  expect(await http.query(api.messages.only, place)).toBeNull();
  await http.mutation(api.messages.sendMany, { ...place, ranks: [1] });
  expect(await http.query(api.messages.only, place)).toMatchObject({ rank: 1 });
  await http.mutation(api.messages.sendMany, { ...place, ranks: [2] });
  await expect(http.query(api.messages.only, place)).rejects.toThrow("more than one");
});

test("ids name their table, are unguessable, and creation times increase", async () => {
  const http = httpClient(deployment);
  const run = newRun();
  const counter = await http.mutation(api.counters.create, { name: run });
  expect(counter).toMatch(/^[0-9a-z]{31,37}$/);
  expect(await http.query(api.values.normalize, { id: counter })).toEqual({ counter, message: null });
  const forged = (counter.startsWith("a") ? "b" : "a") + counter.slice(1);
  for (const id of ["", "x", "not an id", forged, `${counter}0`]) {
    expect(await http.query(api.values.normalize, { id }), id).toEqual({ counter: null, message: null });
  }
  await http.mutation(api.values.put, { run, values: [1, 2, 3, 4, 5] });
  const times = await http.query(api.values.creationTimes, { run });
  expect(new Set(times).size).toBe(5);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(Math.abs((times[0] ?? 0) - Date.now())).toBeLessThan(60_000);
});

test("a search finds documents by words and by the beginning of the last one", async () => {
  const http = httpClient(deployment);
  const run = newRun();
  const bodies = ["the quick brown fox", "a brown dog", "nothing of the kind"];
  for (const [rank, body] of bodies.entries()) {
    await http.mutation(api.messages.send, { run, channel: "search", body, rank });
  }
  await http.mutation(api.messages.send, {
    run: newRun(),
    channel: "search",
    body: "another brown fox",
    rank: 0,
  });
  const search = async (words: string) => (await http.query(api.messages.search, { run, words })).sort();
  await expect.poll(() => search("brown"), PATIENCE).toEqual(["a brown dog", "the quick brown fox"]);
  expect(await search("qui")).toEqual(["the quick brown fox"]);
  expect(await search("Fox")).toEqual(["the quick brown fox"]);
  expect(await search("zebra")).toEqual([]);
});
