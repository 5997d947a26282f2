import { describe, expect, test } from "vitest";
import { api } from "./api";
import { httpClient, newRun, useDeployment } from "./deployment";

const deployment = useDeployment();

const MIB = 1024 * 1024;

describe("a transaction reads", () => {
  test("32,000 documents, and not one more", async () => {
    const http = httpClient(deployment);
    const run = newRun();
    await http.mutation(api.limits.insertMany, { run, count: 1_000 });
    expect(await http.query(api.limits.read, { run, times: 32, more: 0 })).toBe(32_000);
    await expect(http.query(api.limits.read, { run, times: 32, more: 1 })).rejects.toThrow(
      /Too many documents read .*32000/,
    );
  });

  test("16 MiB, and not a document more", async () => {
    const http = httpClient(deployment);
    const run = newRun();
    await http.mutation(api.limits.insertSized, { run, count: 4, bytes: MIB });
    expect(await http.query(api.limits.read, { run, times: 4, more: 0 })).toBe(16);
    await expect(http.query(api.limits.read, { run, times: 4, more: 1 })).rejects.toThrow(
      /Too many bytes read .*16777216/,
    );
  });
});

describe("a transaction writes", () => {
  test("16,000 documents, and not one more", { timeout: 60_000 }, async () => {
    const http = httpClient(deployment);
    await expect(http.mutation(api.limits.insertMany, { run: newRun(), count: 16_000 })).resolves.toBeNull();
    await expect(http.mutation(api.limits.insertMany, { run: newRun(), count: 16_001 })).rejects.toThrow(
      /Too many documents written .*16000/,
    );
  });

  test("less than 17 MiB", async () => {
    const http = httpClient(deployment);
    await http.mutation(api.limits.insertSized, { run: newRun(), count: 15, bytes: MIB });
    await expect(
      http.mutation(api.limits.insertSized, { run: newRun(), count: 17, bytes: MIB }),
    ).rejects.toThrow(/Too many bytes written .*16777216/);
  });
});

test("a transaction makes up to 4,096 reads", async () => {
  const http = httpClient(deployment);
  const run = newRun();
  expect(await http.query(api.limits.read, { run, times: 4_095, more: 1 })).toBe(0);
  await expect(http.query(api.limits.read, { run, times: 4_096, more: 1 })).rejects.toThrow(/4096/);
});

test("a mutation schedules up to 1,000 functions", async () => {
  const http = httpClient(deployment);
  await http.mutation(api.limits.schedule, { count: 1_000 });
  await expect(http.mutation(api.limits.schedule, { count: 1_001 })).rejects.toThrow(
    /Too many functions scheduled .*1000/,
  );
});

test("time stands still in a query", async () => {
  const clocks = await httpClient(deployment).query(api.limits.clocks, { run: newRun() });
  expect(new Set(clocks).size).toBe(1);
  expect(Math.abs((clocks[0] ?? 0) - Date.now())).toBeLessThan(60_000);
});

test("arguments and results have up to 16 MiB", async () => {
  const http = httpClient(deployment);
  const value = "x".repeat(15 * MIB);
  expect(await http.query(api.values.echo, { value })).toBe(value);
  await expect(http.query(api.values.echo, { value: `${value}${"x".repeat(MIB)}` })).rejects.toThrow(
    /too large|TooLarge/,
  );
  await expect(http.query(api.values.big, { chars: 16 * MIB })).rejects.toThrow(/too large/);
});

test("a document is nested up to 16 levels, itself included, and has up to 1,024 fields", async () => {
  const http = httpClient(deployment);
  const run = newRun();
  await http.mutation(api.limits.insertNested, { run, levels: 16 });
  await expect(http.mutation(api.limits.insertNested, { run, levels: 17 })).rejects.toThrow(/nest/);
  await http.mutation(api.limits.insertFields, { run, fields: 1_024 });
  await expect(http.mutation(api.limits.insertFields, { run, fields: 1_025 })).rejects.toThrow(
    /too many fields/,
  );
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  // One level is the object of the arguments.
  await expect(http.query(api.values.echo, { value: nested(63) })).resolves.toEqual(nested(63));
  await expect(http.query(api.values.echo, { value: nested(64) })).rejects.toThrow(/nest/);
});

test("a document has up to 1 MiB", async () => {
  const http = httpClient(deployment);
  const run = newRun();
  await http.mutation(api.limits.insertSized, { run, count: 1, bytes: MIB });
  await expect(http.mutation(api.limits.insertSized, { run, count: 1, bytes: MIB + 1 })).rejects.toThrow(
    /Value is too large \(1048577 bytes > maximum size 1048576/,
  );
  expect(await http.query(api.limits.read, { run, times: 1, more: 0 })).toBe(1);
});

test("an array has up to 8,192 items", async () => {
  const http = httpClient(deployment);
  const run = newRun();
  await http.mutation(api.limits.insertArray, { run, length: 8_192 });
  await expect(http.mutation(api.limits.insertArray, { run, length: 8_193 })).rejects.toThrow(
    /Array length is too long \(8193 > maximum length 8192/,
  );
  expect(await http.query(api.limits.read, { run, times: 1, more: 0 })).toBe(1);
});
