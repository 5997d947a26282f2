import { afterAll, beforeAll, expect, test } from "vitest";
import { CLOSE } from "../../protocol/close-codes";
import { startAccessServer, type AccessServer } from "./access-server";
import { rawClient, syncedClient, type Client } from "./clients";
import { startPartyKit, until, type PartyKitServer } from "./server-process";

let convex: AccessServer;
let server: PartyKitServer;
let rooms = 0;

beforeAll(async () => {
  convex = await startAccessServer();
  server = await startPartyKit({ vars: convex.vars });
});

afterAll(async () => {
  await server.dispose();
  await convex.close();
});

function newRoom(): string {
  return `doc-room${++rooms}`;
}

function names(client: Client): string[] {
  return [...client.provider.awareness.getStates().values()]
    .map((state) => (state.user as { name?: string } | undefined)?.name ?? "")
    .sort();
}

test("two people edit one text at once, and a third who joins sees it", async () => {
  const room = newRoom();
  const [ada, ben] = await Promise.all([
    syncedClient(server.host, room, "editor1"),
    syncedClient(server.host, room, "editor2"),
  ]);
  for (let i = 0; i < 50; i++) {
    ada.text.insert(ada.text.length, "a");
    ben.text.insert(0, "b");
  }
  await until("both have everything", () => ada.text.length === 100 && ben.text.length === 100);
  expect(ada.text.toJSON()).toBe(ben.text.toJSON());
  const cleo = await syncedClient(server.host, room, "viewer3");
  expect(cleo.text.toJSON()).toBe(ada.text.toJSON());
  for (const client of [ada, ben, cleo]) client.destroy();
});

test("an answered barrier survives kill -9, deletions included", async () => {
  const room = newRoom();
  const ada = await syncedClient(server.host, room, "editor1");
  ada.text.insert(0, "kept, dropped");
  await ada.saved();
  ada.text.delete(4, 9);
  await ada.saved();
  ada.provider.disconnect();
  await server.kill();
  await server.start();
  const ben = await syncedClient(server.host, room, "editor2");
  expect(ben.text.toJSON()).toBe("kept");
  ada.destroy();
  ben.destroy();
});

test("an edit outlives the last one's leaving, without a barrier", async () => {
  const room = newRoom();
  for (let round = 1; round <= 5; round++) {
    const ada = await syncedClient(server.host, room, "editor1");
    expect(ada.text.toJSON()).toBe("x".repeat(round - 1));
    ada.text.insert(0, "x");
    ada.destroy();
  }
});

test("a viewer's edit never reaches the room, and its page is told", async () => {
  const room = newRoom();
  const ada = await syncedClient(server.host, room, "editor1");
  ada.text.insert(0, "untouched");
  const viewer = await syncedClient(server.host, room, "viewer1");
  const commenter = await syncedClient(server.host, room, "commenter1");
  await viewer.saved();
  expect(viewer.messages).toEqual([{ kind: "saved", barrier: 1 }]);
  viewer.text.insert(0, "never ");
  commenter.text.delete(0, 9);
  await until("the viewer is told", () => viewer.messages.some((message) => message.kind === "notSaved"));
  await expect(viewer.saved(500)).rejects.toThrow();
  const ben = await syncedClient(server.host, room, "editor2");
  expect(ben.text.toJSON()).toBe("untouched");
  expect(ada.text.toJSON()).toBe("untouched");
  expect(viewer.closes).toEqual([]);
  for (const client of [ada, viewer, commenter, ben]) client.destroy();
});

test("everybody is shown under the verified name, and disappears with the socket", async () => {
  const room = newRoom();
  const ada = await syncedClient(server.host, room, "editor1");
  const ben = await syncedClient(server.host, room, "editor2");
  ben.provider.awareness.setLocalStateField("user", { name: "the pope", userId: "editor1" });
  ben.provider.awareness.setLocalStateField("cursor", 3);
  await until("ada sees ben's cursor", () => {
    return ada.provider.awareness.getStates().get(ben.doc.clientID)?.cursor === 3;
  });
  expect(ada.provider.awareness.getStates().get(ben.doc.clientID)?.user).toMatchObject({
    userId: "editor2",
    name: "Name of editor2",
  });
  ben.provider.ws?.close();
  await until("ben has gone", () => !ada.provider.awareness.getStates().has(ben.doc.clientID));
  await until("ben is back, with the clock that everybody knew", () => {
    return ada.provider.awareness.getStates().has(ben.doc.clientID);
  });
  ben.destroy();
  await until("ben has gone for good", () => names(ada).length === 1);
  ada.destroy();
});

test("five sockets with one connection id are five", async () => {
  const room = newRoom();
  const witness = await syncedClient(server.host, room, "editor9");
  const five = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => syncedClient(server.host, room, `editor${n}`, { connectionId: "same" })),
  );
  await until("all are seen", () => witness.provider.awareness.getStates().size === 6);
  five[0]?.text.insert(0, "hello");
  await until("all get it", () => five.every((client) => client.text.toJSON() === "hello"));
  five[0]?.destroy();
  await until("one has gone", () => witness.provider.awareness.getStates().size === 5);
  five[1]?.text.insert(0, "again, ");
  await until("the others get it", () => five.slice(1).every((client) => client.text.length === 12));
  for (const client of [witness, ...five.slice(1)]) client.destroy();
});

test("an edit is not echoed to its author", async () => {
  const room = newRoom();
  const ada = await rawClient(server.host, room, "editor1");
  const ben = await syncedClient(server.host, room, "editor2");
  const cleo = await syncedClient(server.host, room, "editor3");
  await until("ada got the room's sync step 1", () => ada.frames.length > 0);
  let echoes = 0;
  ben.provider.ws?.addEventListener("message", ({ data }) => {
    const frame = new Uint8Array(data as ArrayBuffer);
    if (frame[0] === 0 && frame[1] === 2) echoes += 1;
  });
  ben.text.insert(0, "x");
  await until("cleo has it", () => cleo.text.length === 1);
  await ben.saved();
  expect(echoes).toBe(0);
  ada.send("y-pk-batch#notjson");
  await until("ada is closed", () => ada.closed !== null);
  expect(ada.closed).toEqual(CLOSE.malformedFrame);
  for (const client of [ben, cleo]) client.destroy();
});

test("large updates travel as the provider's batches, both ways", async () => {
  const room = newRoom();
  const ada = await syncedClient(server.host, room, "editor1");
  const text = "0123456789".repeat(300_000);
  ada.text.insert(0, text);
  await ada.saved();
  const ben = await syncedClient(server.host, room, "editor2");
  expect(ben.text.toJSON() === text).toBe(true);
  expect(ada.closes).toEqual([]);
  ada.destroy();
  ben.destroy();
});
