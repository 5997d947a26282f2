/** What one person, or one who does not read, takes from the others: no places, no memory, no time. */
import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { CLOSE } from "../../protocol/close-codes";
import { PERSON_MAX_CONNECTIONS, ROOM_MAX_CONNECTIONS } from "../../protocol/limits";
import { startAccessServer, type AccessServer } from "./access-server";
import { rawClient, syncedClient, type RawClient } from "./clients";
import { messages } from "./frames";
import { look } from "./operator";
import { startPartyKit, until, type PartyKitServer } from "./server-process";

let convex: AccessServer;
let server: PartyKitServer;

beforeAll(async () => {
  convex = await startAccessServer();
  server = await startPartyKit({ vars: convex.vars });
});

afterAll(async () => {
  await server.dispose();
  await convex.close();
});

test("the room takes its number of connections, and one more is told so", async () => {
  const room = "doc-crowd";
  const crowd: RawClient[] = [];
  for (let i = 0; i < ROOM_MAX_CONNECTIONS; i++) crowd.push(await rawClient(server.host, room, `viewer${i}`));
  const tooMany = await rawClient(server.host, room, "owner1");
  await until("it is closed", () => tooMany.closed !== null);
  expect(tooMany.closed).toEqual(CLOSE.roomFull);
  expect(crowd.every(({ closed }) => closed === null)).toBe(true);
  crowd[0]?.socket.close();
  await until("one has gone", async () => (await look(server, room)).connections < ROOM_MAX_CONNECTIONS);
  const next = await rawClient(server.host, room, "owner1");
  await until("it is let in", () => next.frames.length > 0);
  for (const { socket } of [...crowd, next]) socket.close();
});

test("one person cannot take all the places: the oldest connection gives way", async () => {
  const room = "doc-greedyperson";
  const own: RawClient[] = [];
  for (let i = 0; i < PERSON_MAX_CONNECTIONS; i++) own.push(await rawClient(server.host, room, "viewer1"));
  expect(own.filter(({ closed }) => closed !== null)).toEqual([]);
  own.push(await rawClient(server.host, room, "viewer1"));
  await until("the oldest is out", () => own[0]?.closed !== null);
  expect(own[0]?.closed).toEqual(CLOSE.tooManyOfOne);
  expect((await look(server, room)).connections).toBe(PERSON_MAX_CONNECTIONS);
  expect(own.slice(1).filter(({ closed }) => closed !== null)).toEqual([]);
  for (const { socket } of own) socket.close();
});

test("somebody who does not read is closed, and slows nobody", async () => {
  const room = "doc-slow";
  const writer = await syncedClient(server.host, room, "editor1");
  const reader = await syncedClient(server.host, room, "viewer2");
  const sleeper = await rawClient(server.host, room, "viewer3");
  await until("the sleeper is in", () => sleeper.frames.length > 0);
  sleeper.socket.pause();
  const text = "0123456789".repeat(90_000);
  for (let i = 1; i <= 20; i++) {
    writer.doc.getMap("pages").set("page", text + String(i));
    await until("the reader has it", () => reader.doc.getMap("pages").get("page") === text + String(i));
  }
  await until(
    "the sleeper is out",
    async () => (await look(server, room)).closes[CLOSE.slowConsumer.code] === 1,
  );
  expect([...writer.closes, ...reader.closes]).toEqual([]);
  sleeper.socket.terminate();
  writer.destroy();
  reader.destroy();
}, 60_000);

test("somebody who asks for everything and does not read it is closed", async () => {
  const room = "doc-greedy";
  const writer = await syncedClient(server.host, room, "editor1");
  const asks = messages(new Y.Doc())["a sync step 1"];
  writer.doc.getMap("pages").set("page", "0123456789".repeat(700_000));
  await writer.saved();
  const sleeper = await rawClient(server.host, room, "viewer3");
  sleeper.socket.pause();
  // The first answer is its due.
  for (let i = 0; i < 4; i++) sleeper.send(asks);
  await until(
    "the sleeper is out",
    async () => (await look(server, room)).closes[CLOSE.slowConsumer.code] === 1,
  );
  sleeper.socket.terminate();
  writer.destroy();
});
