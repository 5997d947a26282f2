import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as Y from "yjs";
import { CLOSE } from "../../protocol/close-codes";
import { startAccessServer, type AccessServer } from "./access-server";
import { openClient, syncedClient } from "./clients";
import { bury, look, loseStorage } from "./operator";
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

beforeEach(() => {
  convex.answerBackup = null;
});

function newRoom(): string {
  return `doc-backup${++rooms}`;
}

function textIn(room: string): string | null {
  const stored = convex.backups.get(room);
  if (stored === undefined) return null;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, stored.update);
  return doc.getText("text").toJSON();
}

async function write(room: string, text: string): Promise<void> {
  const client = await syncedClient(server.host, room, "editor1");
  client.text.insert(client.text.length, text);
  await client.saved();
  client.destroy();
}

test("the last one's leaving sends a backup, and a room with lost storage comes back from it", async () => {
  const room = newRoom();
  await write(room, "first, ");
  await until("the backup has arrived", () => textIn(room) === "first, ");
  await write(room, "second");
  await until("the second one has arrived", () => textIn(room) === "first, second");
  await server.kill();
  await loseStorage(server);
  await server.start();
  const ada = await syncedClient(server.host, room, "editor1");
  expect(ada.text.toJSON()).toBe("first, second");
  ada.text.insert(ada.text.length, ", third");
  await ada.saved();
  ada.destroy();
  await until("it goes on counting from what it got", () => textIn(room) === "first, second, third");

  // What was restored is in storage too: Convex is not asked again.
  convex.answerBackup = (response) => response.writeHead(500).end();
  await server.kill();
  await server.start();
  const ben = await syncedClient(server.host, room, "viewer1");
  expect(ben.text.toJSON()).toBe("first, second, third");
  ben.destroy();
});

test("opening and closing without an edit writes nothing and sends nothing", async () => {
  const room = newRoom();
  await write(room, "x");
  await until("the backup has arrived", async () => !((await look(server, room)).backup?.pending ?? true));
  const before = await look(server, room);
  for (let i = 0; i < 3; i++) {
    const viewer = await syncedClient(server.host, room, "editor2");
    await viewer.saved();
    expect((await look(server, room)).document?.writes).toBe(0);
    viewer.destroy();
    await until("the room is empty", async () => (await look(server, room)).connections === 0);
  }
  expect((await look(server, room)).backup).toEqual(before.backup);
});

test.each([
  ["denied", 401],
  ["failing", 500],
])("a room with empty storage does not open while its backup is %s, and then does", async (_name, status) => {
  const room = newRoom();
  await write(room, "precious");
  await until("the backup has arrived", () => textIn(room) === "precious");
  await server.kill();
  await loseStorage(server);
  await server.start();
  convex.answerBackup = (response) => response.writeHead(status).end();
  const ada = await openClient(server.host, room, "editor1");
  await until("it was refused twice", () => ada.closes.length >= 2);
  expect(new Set(ada.closes)).toEqual(new Set([CLOSE.loadFailed.code]));
  expect(ada.provider.synced).toBe(false);
  convex.answerBackup = null;
  await until("it is in sync", () => ada.provider.synced);
  expect(ada.text.toJSON()).toBe("precious");
  ada.destroy();
});

test("Convex being down for the whole session delays the backup, and nothing else", async () => {
  const room = newRoom();
  const opened = await syncedClient(server.host, room, "editor1");
  let refused = 0;
  convex.answerBackup = (response) => {
    refused += 1;
    response.writeHead(503).end();
  };
  opened.text.insert(0, "written in the outage");
  await opened.saved();
  opened.destroy();
  await until("a backup was tried", () => refused > 0);
  expect((await look(server, room)).backup?.pending).toBe(true);
  convex.answerBackup = null;
  await until("the alarm has sent it, with nobody in the room", () => textIn(room) !== null, 45_000);
  expect(textIn(room)).toBe("written in the outage");
}, 60_000);

test("a backup that a killed room could not send is sent by the next one who comes", async () => {
  const room = newRoom();
  const ada = await syncedClient(server.host, room, "editor1");
  convex.answerBackup = (response) => response.writeHead(503).end();
  ada.text.insert(0, "written before the crash");
  await ada.saved();
  ada.destroy();
  await server.kill();
  convex.answerBackup = null;
  await server.start();
  expect(textIn(room)).toBeNull();
  const viewer = await syncedClient(server.host, room, "viewer1");
  viewer.destroy();
  await until("the backup has arrived", () => textIn(room) === "written before the crash");
});

test("a deleted document closes its sockets and stays deleted", async () => {
  const room = newRoom();
  await write(room, "to be deleted");
  await until("the backup has arrived", () => textIn(room) !== null);
  const number = convex.backups.get(room)?.number;
  const ada = await syncedClient(server.host, room, "editor1");
  ada.text.insert(0, "still ");
  expect(await bury(server, room)).toBe(204);
  await until("ada is out", () => ada.closes.length > 0);
  expect(ada.closes[0]).toBe(CLOSE.deleted.code);
  // Its provider comes back with what it has, and again after a restart.
  await until("ada is out again", () => ada.closes.length > 1);
  await server.kill();
  await server.start();
  await until(
    "ada is out after the restart",
    () => ada.closes.at(-1) === CLOSE.deleted.code && ada.closes.length > 3,
  );
  expect(new Set(ada.closes.filter((code) => code !== 1006))).toEqual(new Set([CLOSE.deleted.code]));
  expect(convex.backups.get(room)?.number).toBe(number);
  expect((await look(server, room)).document).toBeNull();
  ada.destroy();
});

test("an operator sees figures, and no name, token or word", async () => {
  const room = newRoom();
  const ada = await syncedClient(server.host, room, "editor1");
  const ben = await syncedClient(server.host, room, "viewer2");
  ada.text.insert(0, "confidential");
  await ada.saved();
  const figures = await look(server, room);
  expect(figures).toMatchObject({ connections: 2, roles: { editor: 1, viewer: 1 } });
  expect(figures.document).toMatchObject({ writes: 1, failedWrites: 0, unsaved: 0, failing: false });
  expect(figures.document?.lastDurableAt).toBeGreaterThan(Date.now() - 10_000);
  expect(figures.bytesIn).toBeGreaterThan(0);
  expect(JSON.stringify(figures)).not.toMatch(/confidential|Name of|editor1|eyJ/);
  ada.destroy();
  ben.destroy();
});
