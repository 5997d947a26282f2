/** The stored format is y-partykit's: a stock server reads our rooms, and we read its. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAccessServer, type AccessServer } from "./access-server";
import { syncedClient } from "./clients";
import { delay, startPartyKit, until } from "./server-process";
import { look } from "./operator";

let convex: AccessServer;
let state: string;

beforeAll(async () => {
  convex = await startAccessServer();
  state = await mkdtemp(join(tmpdir(), "ripple-stock-"));
});

afterAll(async () => {
  await convex.close();
  await rm(state, { recursive: true, force: true });
});

test("ours, then stock, then ours, and nothing is lost on the way", async () => {
  const room = "doc-exchanged";
  const large = "0123456789".repeat(60_000);

  const ours = await startPartyKit({ vars: convex.vars, state });
  const ada = await syncedClient(ours.host, room, "editor1");
  ada.text.insert(0, "written by ours, struck out");
  ada.text.delete(15, 12);
  // More than the log holds and more than one part: compacted, and an update after that.
  for (const key of ["a", "b", "c"]) {
    ada.doc.getMap("pages").set(key, large + key);
    await ada.saved();
  }
  await until("it was compacted", async () => ((await look(ours, room)).document?.compactions ?? 0) > 0);
  ada.text.insert(0, "first: ");
  await ada.saved();
  ada.destroy();
  await ours.kill();

  const stock = await startPartyKit({ vars: {}, state, main: "partykit/test-parties/stock.ts" });
  const ben = await syncedClient(stock.host, room, "anybody");
  expect(ben.text.toJSON()).toBe("first: written by ours");
  expect(ben.doc.getMap("pages").get("c")).toBe(large + "c");
  ben.text.insert(ben.text.length, ", continued by stock");
  ben.doc.getMap("pages").delete("a");
  // Stock says nothing about what is saved: a second client shows that it has it, a pause that it wrote it.
  const witness = await syncedClient(stock.host, room, "anybody");
  await until("stock has it", () => witness.text.toJSON().endsWith("stock"));
  ben.destroy();
  witness.destroy();
  await delay(1_000);
  await stock.kill();

  const again = await startPartyKit({ vars: convex.vars, state });
  const cleo = await syncedClient(again.host, room, "editor1");
  expect(cleo.text.toJSON()).toBe("first: written by ours, continued by stock");
  expect([...cleo.doc.getMap("pages").keys()].sort()).toEqual(["b", "c"]);
  cleo.text.insert(0, "and ");
  await cleo.saved();
  cleo.destroy();
  await again.kill();
}, 60_000);
