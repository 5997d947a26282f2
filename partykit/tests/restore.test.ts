/** `npm run backup:restore`: one room back at its backup, whatever state its storage is in. */
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as Y from "yjs";
import { CLOSE } from "../../protocol/close-codes";
import { Doors } from "../../scripts/backup/doors";
import { verifyRoom } from "../../scripts/backup/verify";
import { SERVICE_SECRET, SITE_URL, startAccessServer, type AccessServer } from "./access-server";
import { openClient, syncedClient } from "./clients";
import { bury, look } from "./operator";
import { startPartyKit, until, type PartyKitServer } from "./server-process";

let convex: AccessServer;
let server: PartyKitServer;
let doors: Doors;
let rooms = 0;

beforeAll(async () => {
  convex = await startAccessServer();
  server = await startPartyKit({ vars: convex.vars });
  doors = new Doors({ ...convex.vars, PARTYKIT_DOMAIN: server.host });
});

afterAll(async () => {
  await server.dispose();
  await convex.close();
});

beforeEach(() => {
  convex.answerBackup = null;
});

async function write(room: string, text: string): Promise<void> {
  const ada = await syncedClient(server.host, room, "editor1");
  ada.text.insert(ada.text.length, text);
  await ada.saved();
  ada.destroy();
  await until("its backup is complete", async () => (await look(server, room)).backup?.pending === false);
}

async function newRoom(): Promise<string> {
  const room = `doc-restore${++rooms}`;
  await write(room, "what the backup has");
  return room;
}

async function textOf(room: string): Promise<string> {
  const content = await doors.content(room);
  if (content.kind === "deleted") throw new Error("deleted");
  const doc = new Y.Doc();
  Y.applyUpdate(doc, content.update);
  return doc.getText("text").toJSON();
}

/** Runs SQL on the storage of every room. The server must be down. */
async function onEveryDisk(sql: string): Promise<void> {
  for (const file of await server.objects()) {
    const database = new Database(join(server.state, "party", file));
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE name = '_cf_KV'").all();
    if (tables.length > 0) database.exec(sql);
    database.close();
  }
}

/** Makes the documents unreadable, as a failing disk would. */
const DAMAGE = `UPDATE _cf_KV SET value = x'00' WHERE key LIKE '"v1"%'`;

test("a room that nobody can open any more opens with what its backup has", async () => {
  const room = await newRoom();
  await server.kill();
  await onEveryDisk(DAMAGE);
  await server.start();
  const ben = await openClient(server.host, room, "editor2");
  await until("ben is refused", () => ben.closes.includes(CLOSE.loadFailed.code));
  await expect(verifyRoom(doors, room, Date.now)).rejects.toThrow("nobody can open it");

  expect(await doors.restore(room)).toBe(1);
  await until("ben is in", () => ben.provider.synced);
  expect(ben.text.toJSON()).toBe("what the backup has");
  ben.destroy();
  await write(room, ", and more");
  expect(await verifyRoom(doors, room, Date.now)).toMatchObject({ kind: "verified", number: 2 });
});

test("what the room has beyond its backup is gone, also after a restart", async () => {
  const room = await newRoom();
  const first = convex.backups.get(room);
  await write(room, ", and what nobody wants");
  if (first === undefined) throw new Error("there is no backup");
  convex.backups.set(room, { ...first, number: 2 });

  expect(await doors.restore(room)).toBe(2);
  expect(await textOf(room)).toBe("what the backup has");
  await server.kill();
  await server.start();
  expect(await textOf(room)).toBe("what the backup has");
});

test("a crash in the middle of it leaves no half of what was to go", async () => {
  const room = await newRoom();
  await server.kill();
  await onEveryDisk(
    "INSERT INTO _cf_KV SELECT 'ripple:startingOver', value FROM _cf_KV WHERE key = 'ripple:backup'",
  );
  await onEveryDisk(DAMAGE);
  await server.start();
  expect(await textOf(room)).toBe("what the backup has");
  expect(await verifyRoom(doors, room, Date.now)).toMatchObject({ kind: "verified", number: 1 });
});

test("whoever is there is sent out, comes back, and loses nothing", async () => {
  const room = await newRoom();
  const ada = await syncedClient(server.host, room, "editor1");
  const ben = await syncedClient(server.host, room, "viewer1");
  ada.text.insert(0, "not backed up yet: ");
  await ada.saved();
  expect(await doors.restore(room)).toBe(1);
  for (const client of [ada, ben]) {
    await until("they were sent out", () => client.closes.includes(CLOSE.restored.code));
    await until("they are back", () => client.provider.synced);
  }
  await ada.saved();
  await until("ben has it too", () => ben.text.toJSON() === "not backed up yet: what the backup has");
  ada.destroy();
  ben.destroy();
  await until("it is backed up", async () => (await look(server, room)).backup?.pending === false);
  expect(await verifyRoom(doors, room, Date.now)).toMatchObject({ kind: "verified" });
});

test("nothing is touched without a backup to go back to", async () => {
  const room = await newRoom();
  const ada = await syncedClient(server.host, room, "editor1");
  const backup = convex.backups.get(room);
  convex.backups.delete(room);
  await expect(doors.restore(room)).rejects.toThrow("it has no backup. Nothing was changed");
  if (backup !== undefined) convex.backups.set(room, { ...backup, update: Buffer.from("garbage") });
  await expect(doors.restore(room)).rejects.toThrow("cannot be taken back now");
  convex.answerBackup = (response) => response.writeHead(503).end();
  await expect(doors.restore(room)).rejects.toThrow("cannot be taken back now: status 503");
  expect(ada.closes).toEqual([]);
  expect(await textOf(room)).toBe("what the backup has");
  ada.destroy();
});

test("a deleted document stays deleted", async () => {
  const room = await newRoom();
  await bury(server, room);
  await expect(doors.restore(room)).rejects.toThrow("it was deleted. Nothing was changed");
  expect(await doors.content(room)).toEqual({ kind: "deleted" });
});

test("content and restore are for those with the service secret, and no browser", async () => {
  const room = await newRoom();
  const ask = async (method: string, door: string, headers: Record<string, string>) => {
    const response = await fetch(`http://${server.host}/parties/main/${room}/${door}`, { method, headers });
    await response.arrayBuffer();
    return response.status;
  };
  const authorization = `Bearer ${SERVICE_SECRET}`;
  for (const [method, door] of [
    ["GET", "content"],
    ["POST", "restore"],
  ] as const) {
    expect(await ask(method, door, {})).toBe(401);
    expect(await ask(method, door, { authorization: "Bearer wrong" })).toBe(401);
    expect(await ask(method, door, { authorization, origin: SITE_URL })).toBe(403);
  }
  expect(await ask("POST", "content", { authorization })).toBe(405);
  expect(await ask("GET", "restore", { authorization })).toBe(405);
  expect(await ask("DELETE", "elsewhere", { authorization })).toBe(405);
  expect(await textOf(room)).toBe("what the backup has");
});
