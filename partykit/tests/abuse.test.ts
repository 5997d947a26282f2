/**
 * One hostile connection after another in a room in which two honest people edit with the official provider. They
 * notice nothing, and the attacker gets the code that protocol/close-codes.ts has for what it did.
 */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { CLOSE } from "../../protocol/close-codes";
import {
  AWARENESS_MAX_BYTES,
  FRAME_MAX_BYTES,
  RATE_BURST_ITEMS,
  SYNC_REQUEST_BURST,
  UNRESOLVED_MAX_BYTES,
  UNRESOLVED_MAX_FRAMES,
} from "../../protocol/limits";
import { encodeClientMessage, RIPPLE_MESSAGE } from "../../protocol/messages";
import { startAccessServer, type AccessServer } from "./access-server";
import { rawClient, syncedClient, type Client, type RawClient } from "./clients";
import { awarenessFrame, mangled, messages, updateFrame } from "./frames";
import { look } from "./operator";
import { random, seed } from "./random";
import { delay, startPartyKit, until, type PartyKitServer } from "./server-process";

const ROOM = "doc-besieged";
const RANDOM_FRAMES = 10_000;
/** Frames that one connection sends before it looks whether it was closed. */
const BURST = 8;
const WARM_UP_CONNECTIONS = 3_000;
const MEMORY_TOLERANCE = 1.1;
const MEMORY_SETTLES_MS = 60_000;

let convex: AccessServer;
let server: PartyKitServer;
let ada: Client;
let ben: Client;
/** What is there is taken down also when not all of it could be put up. */
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  convex = await startAccessServer();
  cleanups.push(() => convex.close());
  server = await startPartyKit({ vars: convex.vars });
  cleanups.push(() => server.dispose());
  ada = await syncedClient(server.host, ROOM, "editor1");
  cleanups.push(() => ada.destroy());
  ben = await syncedClient(server.host, ROOM, "editor2");
  cleanups.push(() => ben.destroy());
  cleanups.push(type().stop);
});

afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/** Both type and move all the time. */
function type() {
  const stopping = new AbortController();
  const done = (async () => {
    for (let i = 0; !stopping.signal.aborted; i++) {
      ada.text.insert(ada.text.length, `a${i} `);
      ben.text.insert(0, `b${i} `);
      ada.provider.awareness.setLocalStateField("cursor", i);
      ben.provider.awareness.setLocalStateField("cursor", i);
      await delay(50);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

/** They are connected as they always were, see each other, and nothing of what they typed is missing. */
async function expectHonestUnharmed(): Promise<void> {
  await until("they see each other's last words", () => {
    const last = /a\d+ $/.exec(ada.text.toJSON());
    return last !== null && ben.text.toJSON().includes(last[0]);
  });
  for (const [me, other, otherId] of [
    [ada, ben, "editor2"],
    [ben, ada, "editor1"],
  ] as const) {
    expect(me.closes).toEqual([]);
    expect(me.provider.synced).toBe(true);
    await until("the other is there", () => me.provider.awareness.getStates().has(other.doc.clientID));
    expect(me.provider.awareness.getStates().get(other.doc.clientID)?.user).toMatchObject({
      userId: otherId,
    });
    const words = me.text.toJSON().split(" ");
    for (const letter of ["a", "b"]) {
      const numbers = words.flatMap((word) => (word.startsWith(letter) ? [Number(word.slice(1))] : []));
      expect([...numbers].sort((x, y) => x - y)).toEqual(numbers.map((_, i) => i));
    }
    expect(words.every((word) => word === "" || /^[ab]\d+$/.test(word))).toBe(true);
  }
}

async function attack(frames: (Uint8Array | string)[], userId = "editor666"): Promise<RawClient> {
  const attacker = await rawClient(server.host, ROOM, userId);
  for (const frame of frames) attacker.send(frame);
  return attacker;
}

/** An edit that rests on `missing` others, which are never sent. */
function unresolved(missing: number, bytes = 1): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 4_000_000_000;
  const scratch = doc.getText("scratch");
  for (let i = 0; i < missing; i++) scratch.insert(0, "y");
  const before = Y.encodeStateVector(doc);
  scratch.insert(0, "z".repeat(bytes));
  return updateFrame(Y.encodeStateAsUpdate(doc, before));
}

/** Ten kilobytes after which Yjs can neither encode the document nor, once somebody deletes it, open it again. */
function nestedValue(depth: number): Uint8Array {
  const doc = new Y.Doc();
  const placeholder = "p".repeat(2 * depth - 2);
  doc.getText("scratch").insert(0, "x", { bold: placeholder });
  const bytes = Buffer.from(Y.encodeStateAsUpdate(doc));
  bytes.write("[".repeat(depth) + "]".repeat(depth), bytes.indexOf(`"${placeholder}"`));
  return updateFrame(bytes);
}

/** Cheap to send, and dear to take: not one of its items can be merged with the next. */
function manyItems(items: number): Uint8Array {
  const doc = new Y.Doc();
  const list = doc.getArray("scratchlist");
  doc.transact(() => {
    for (let i = 0; i < items; i++) list.insert(0, [i % 2 === 0]);
  });
  return updateFrame(Y.encodeStateAsUpdate(doc));
}

function nestedTypes(depth: number): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    let around = doc.getMap("scratch");
    for (let i = 0; i < depth; i++) {
      const inner = new Y.Map();
      around.set("inner", inner);
      around = inner;
    }
  });
  return updateFrame(Y.encodeStateAsUpdate(doc));
}

function state(bytes: number): string {
  return `{"x":"${"y".repeat(bytes - 8)}"}`;
}

const marker = (type: string, size: number, count: number) =>
  `y-pk-batch#${JSON.stringify({ id: "a", type, size, count })}`;

describe("is closed with its code", () => {
  const megabyte = new Uint8Array(1_000_000);
  const good = messages();
  test.each([
    ["text", CLOSE.malformedFrame, ["hello"]],
    ["a batch marker that is no JSON", CLOSE.malformedFrame, ["y-pk-batch#notjson"]],
    ["a batch that is too large", CLOSE.messageTooLarge, [marker("start", 60_000_000, 60)]],
    [
      "a batch that never ends",
      CLOSE.malformedFrame,
      [marker("start", 8_000_000, 8), ...Array<Uint8Array>(12).fill(megabyte)],
    ],
    [
      "a batch that lies",
      CLOSE.malformedFrame,
      [marker("start", 10, 1), new Uint8Array(3), marker("end", 10, 1)],
    ],
    ["an empty frame", CLOSE.malformedFrame, [new Uint8Array()]],
    ["a truncated update", CLOSE.malformedFrame, [good["an update"].slice(0, -2)]],
    ["an update with a tail", CLOSE.malformedFrame, [new Uint8Array([...good["an update"], 1])]],
    ["a broken state vector", CLOSE.malformedFrame, [new Uint8Array([0, 0, 2, 9, 9])]],
    ["an awareness state that is no JSON", CLOSE.malformedFrame, [awarenessFrame(7, 1, "{")]],
    ["an awareness state that is no object", CLOSE.malformedFrame, [awarenessFrame(7, 1, "[1]")]],
    [
      "an awareness state that is too large",
      CLOSE.awarenessTooLarge,
      [awarenessFrame(7, 1, state(AWARENESS_MAX_BYTES + 1))],
    ],
    ["JSON that nobody can write again", CLOSE.nestedTooDeeply, [nestedValue(6_000)]],
    ["types that nobody can delete again", CLOSE.nestedTooDeeply, [nestedTypes(3_000)]],
    [
      "a question for everything, again and again",
      CLOSE.rateLimited,
      Array<Uint8Array>(SYNC_REQUEST_BURST + 1).fill(good["a sync step 1"]),
    ],
    ["work without end", CLOSE.rateLimited, Array<Uint8Array>(12).fill(manyItems(RATE_BURST_ITEMS / 10))],
    ["a flood", CLOSE.rateLimited, Array<Uint8Array>(2_000).fill(awarenessFrame(7, 1, "{}"))],
    [
      "updates that never resolve",
      CLOSE.unresolvedUpdates,
      Array.from({ length: UNRESOLVED_MAX_FRAMES + 1 }, (_, i) => unresolved(i + 1)),
    ],
    [
      "a large update that never resolves",
      CLOSE.unresolvedUpdates,
      [unresolved(1, UNRESOLVED_MAX_BYTES / 2), unresolved(1, UNRESOLVED_MAX_BYTES + 1)],
    ],
  ] satisfies [string, { code: number; reason: string }, (Uint8Array | string)[]][])(
    "%s",
    async (_name, close, frames) => {
      const attacker = await attack(frames);
      await until("it is closed", () => attacker.closed !== null);
      expect(attacker.closed).toEqual({ code: close.code, reason: close.reason });
      await expectHonestUnharmed();
      // Whoever comes after it gets the document, and what the honest type is still written to the disk.
      const guest = await syncedClient(server.host, ROOM, "editor5");
      guest.text.insert(0, " ");
      await guest.saved();
      guest.destroy();
    },
  );
});

test("a frame that is too large closes its socket, by the platform's own hand", async () => {
  const attacker = await attack([new Uint8Array(FRAME_MAX_BYTES + 1)]);
  await until("it is closing", () => attacker.socket.readyState !== attacker.socket.OPEN);
  attacker.socket.terminate();
  await until("it is closed", () => attacker.closed !== null);
  expect([1009, CLOSE.messageTooLarge.code]).toContain(attacker.closed?.code);
  await expectHonestUnharmed();
});

test("updates that wait are let in when what they wait for arrives", async () => {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  for (let i = 0; i < 5; i++) doc.getText("scratch").insert(i, String(i));
  const attacker = await attack(updates.slice(1).map(updateFrame));
  attacker.send(updateFrame(updates[0] ?? new Uint8Array()));
  await until("ada has it", () => ada.doc.getText("scratch").toJSON() === "01234");
  expect(attacker.closed).toBeNull();
  attacker.socket.close();
});

/** Of an answered barrier. */
const isSaved = (frame: Uint8Array) => frame[0] === RIPPLE_MESSAGE && frame[1] === 1;

test("updates that are thrown away while they wait are never called saved", async () => {
  const victim = await attack(
    [unresolved(1), encodeClientMessage({ kind: "barrier", barrier: 1 })],
    "editor7",
  );
  await until("it is told that they wait", () => victim.frames.some((frame) => frame[0] === RIPPLE_MESSAGE));
  await attack([unresolved(1, UNRESOLVED_MAX_BYTES + 1)]);
  await until("it is to sync again", () => victim.closed !== null);
  expect(victim.closed).toEqual(CLOSE.unresolvedUpdates);
  expect(victim.frames.filter(isSaved)).toEqual([]);
  await expectHonestUnharmed();
});

test("updates that wait are nobody else's, who could never have them saved", async () => {
  const attacker = await attack([unresolved(1), encodeClientMessage({ kind: "barrier", barrier: 1 })]);
  await until("it waits", () => attacker.frames.some((frame) => frame[0] === RIPPLE_MESSAGE));
  const guest = await syncedClient(server.host, ROOM, "editor5");
  attacker.socket.close();
  guest.provider.ws?.close();
  await until("the guest is out", () => !guest.provider.synced);
  await until("the guest is back", () => guest.provider.synced);
  await guest.saved();
  expect(guest.messages.filter(({ kind }) => kind === "notSaved")).toEqual([]);
  guest.destroy();
});

describe("impersonation", () => {
  const nameOf = (client: Client, clientId: number): unknown =>
    (client.provider.awareness.getStates().get(clientId)?.user as { userId?: string } | undefined)?.userId;

  test("whoever claims another's client id is not heard, with any clock", async () => {
    const clock = ada.provider.awareness.meta.get(ben.doc.clientID)?.clock ?? 0;
    const forged = JSON.stringify({ user: { userId: "editor2", name: "Ben" }, cursor: "forged" });
    const attacker = await attack([
      awarenessFrame(ben.doc.clientID, clock + 1_000_000, forged),
      awarenessFrame(ben.doc.clientID, clock + 1_000_001, "null"),
    ]);
    // Its own state, sent afterwards, shows that the forged ones were looked at.
    attacker.send(
      awarenessFrame(77, 1, JSON.stringify({ user: { userId: "editor2", name: "Ben", color: "#fff" } })),
    );
    await until("the attacker is seen", () => ada.provider.awareness.getStates().has(77));
    expect(nameOf(ada, 77)).toBe("editor666");
    expect(nameOf(ada, ben.doc.clientID)).toBe("editor2");
    expect(ada.provider.awareness.getStates().get(ben.doc.clientID)?.cursor).not.toBe("forged");
    attacker.socket.close();
    await until("it has gone", () => !ada.provider.awareness.getStates().has(77));
    await expectHonestUnharmed();
  });

  test("one connection has one state", async () => {
    const attacker = await attack([1, 2, 3].map((n) => awarenessFrame(800 + n, 1, "{}")));
    await until("its first one is seen", () => ada.provider.awareness.getStates().has(801));
    await expectHonestUnharmed();
    expect([802, 803].some((id) => ada.provider.awareness.getStates().has(id))).toBe(false);
    attacker.socket.close();
  });

  test("an echo of somebody who has left brings no ghost back", async () => {
    const guest = await syncedClient(server.host, ROOM, "editor3");
    const id = guest.doc.clientID;
    await until("the guest is seen", () => ada.provider.awareness.getStates().has(id));
    const clock = ada.provider.awareness.meta.get(id)?.clock ?? 0;
    guest.destroy();
    await until("the guest has gone", () => !ada.provider.awareness.getStates().has(id));
    const echo = await attack([awarenessFrame(id, clock, '{"ghost":true}')]);
    const own = await attack([awarenessFrame(id, clock + 1, '{"ghost":true}')], "editor667");
    await expectHonestUnharmed();
    expect(ada.provider.awareness.getStates().has(id)).toBe(false);
    echo.socket.close();
    own.socket.close();
  });

  test("a reconnect takes its client id over while the old socket lingers, and the old one's end removes nobody", async () => {
    const old = await attack([awarenessFrame(900, 5, '{"socket":"old"}')], "editor4");
    await until("the old one is seen", () => ada.provider.awareness.getStates().get(900)?.socket === "old");
    const renewed = await attack([awarenessFrame(900, 5, '{"socket":"new"}')], "editor4");
    await until("the new one is seen", () => ada.provider.awareness.getStates().get(900)?.socket === "new");
    const { connections } = await look(server, ROOM);
    old.socket.close();
    await until("the old one is out", async () => (await look(server, ROOM)).connections < connections);
    await expectHonestUnharmed();
    expect(ada.provider.awareness.getStates().get(900)?.socket).toBe("new");
    renewed.socket.close();
    await until("it has gone", () => !ada.provider.awareness.getStates().has(900));
  });
});

test(`${RANDOM_FRAMES} random and mutated frames, and the server's memory a minute later`, async () => {
  const from = seed();
  const dice = random(from);
  const good = Object.values(messages());
  // workerd's heap grows with the connections that it has ever had, abused or not, until it has had a few thousand.
  // People who come and go, and a first wave, so that what is compared is not a cold server with a warm one: what each
  // further wave leaves behind is half of what the last one did, and in the end nothing.
  for (let i = 0; i < WARM_UP_CONNECTIONS; i++) (await attack([], "viewer5")).socket.close();
  await sendWave(dice, good, RANDOM_FRAMES);
  const before = await residentBytes();
  const codes = await sendWave(dice, good, RANDOM_FRAMES);
  await expectHonestUnharmed();
  const allowed = [CLOSE.malformedFrame, CLOSE.unresolvedUpdates, CLOSE.rateLimited, CLOSE.awarenessTooLarge];
  expect(
    [...codes].filter((code) => !allowed.some((close) => close.code === code)),
    `seed ${from}`,
  ).toEqual([]);
  expect(codes).toContain(CLOSE.malformedFrame.code);
  await until(
    "the memory is back where it was",
    async () => (await residentBytes()) <= before * MEMORY_TOLERANCE,
    MEMORY_SETTLES_MS,
  );
  await expectHonestUnharmed();
}, 180_000);

/** Returns the codes with which its connections were closed. */
async function sendWave(dice: ReturnType<typeof random>, good: Uint8Array<ArrayBuffer>[], frames: number) {
  const codes = new Set<number>();
  let attacker = await attack([]);
  for (let sent = 0; sent < frames; sent += BURST) {
    for (let i = 0; i < BURST; i++) attacker.send(mangled(dice, good));
    // The room's answer to its own state, if it is still open; otherwise it is closed before that.
    attacker.socket.ping();
    await Promise.race([event(attacker, "pong"), event(attacker, "close")]);
    if (attacker.closed === null && attacker.socket.readyState === attacker.socket.OPEN) continue;
    await until("it is closed", () => attacker.closed !== null);
    codes.add(attacker.closed?.code ?? 0);
    attacker = await attack([]);
  }
  attacker.socket.close();
  return codes;
}

function event({ socket }: RawClient, name: "pong" | "close"): Promise<void> {
  return new Promise((resolve) => socket.once(name, () => resolve()));
}

async function residentBytes(): Promise<number> {
  const status = await readFile(`/proc/${await server.workerdPid()}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
