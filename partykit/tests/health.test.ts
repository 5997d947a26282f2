import { expect, test } from "vitest";
import { startAccessServer } from "./access-server";
import { startPartyKit } from "./server-process";

async function healthWith(vars: Record<string, string>): Promise<[number, unknown]> {
  const server = await startPartyKit({ vars });
  try {
    const response = await fetch(`http://${server.host}/health`);
    const elsewhere = await fetch(`http://${server.host}/healthy`);
    await elsewhere.arrayBuffer();
    expect(elsewhere.status).toBe(404);
    expect(await server.objects()).toEqual([]);
    return [response.status, await response.json()];
  } finally {
    await server.dispose();
  }
}

test("a worker that has what it needs is well", async () => {
  const convex = await startAccessServer();
  expect(await healthWith(convex.vars)).toEqual([200, { status: "ok" }]);
  await convex.close();
});

test("one that lacks a variable says which, and which is of no use", async () => {
  const vars = {
    COLLABORATION_TOKEN_SECRET: "x".repeat(32),
    COLLABORATION_TOKEN_SECRET_SECOND: "x".repeat(31),
    CONVEX_SITE_URL: "",
    ROOM_SERVICE_SECRET: "",
    SITE_URL: "",
  };
  expect(await healthWith(vars)).toEqual([
    503,
    {
      status: "not configured",
      missing: ["CONVEX_SITE_URL", "ROOM_SERVICE_SECRET", "SITE_URL"],
      tooShort: ["COLLABORATION_TOKEN_SECRET_SECOND"],
    },
  ]);
});
