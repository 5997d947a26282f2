import { ConvexClient } from "convex/browser";
import { anyApi } from "convex/server";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { removeFolder, startServerProcess, type ServerProcess } from "./server_process";

const functions = fileURLToPath(new URL("../conformance/convex", import.meta.url));
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess({ functions });
});
afterAll(async () => {
  await server.stop();
  removeFolder(server.data);
});

test("a subscription follows a mutation", async () => {
  const client = new ConvexClient(server.url);
  try {
    const id = (await client.mutation(anyApi["counters"]!["create"]!, { name: "smoke" })) as string;
    const seen: number[] = [];
    client.onUpdate(anyApi["counters"]!["get"]!, { id }, (value: number) => seen.push(value));
    await expect.poll(() => seen).toEqual([0]);
    await client.mutation(anyApi["counters"]!["increment"]!, { id });
    await expect.poll(() => seen).toEqual([0, 1]);
  } finally {
    await client.close();
  }
});
