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
