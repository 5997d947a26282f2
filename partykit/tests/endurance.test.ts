/** Long lives: many edits in a room that never empties, a document at its largest, a joiner after a long drag. */
import { afterAll, beforeAll, expect, test } from "vitest";
import * as decoding from "lib0/decoding";
import * as Y from "yjs";
import { CLOSE } from "../../protocol/close-codes";
import { LOG_MAX_BYTES, LOG_MAX_UPDATES, RATE_MESSAGES_PER_SECOND } from "../../protocol/limits";
import { startAccessServer, type AccessServer } from "./access-server";
import { rawClient, syncedClient } from "./clients";
import { encodeClientMessage, readRoomMessage, RIPPLE_MESSAGE } from "../../protocol/messages";
import { messages, updateFrame } from "./frames";
import { look } from "./operator";
import { delay, startPartyKit, until, type PartyKitServer } from "./server-process";

const EDITS = 100_000;
/** Each at half the rate that the room takes. */
const EDITORS = 40;
/** No more than these at once are under way to a room that is slow: well within the burst that it takes. */
const EDITS_AHEAD = 100;
const WORD = "the quick brown fox jumps over it ";
/** Five minutes at thirty moves a second. */
const MOVES = 9_000;
const SHAPES = 20;

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

/**
 * Somebody who sends edits as fast as the room takes them, without a provider's cost on this side. In the end all of them
 * are on its disk.
 */
async function fastEditor(room: string, index: number, edits: number, edit: (doc: Y.Doc, i: number) => void) {
  const client = await rawClient(server.host, room, `editor${index}`);
  // What the others do is not looked at here: forty copies of it are nothing to keep.
  client.socket.removeAllListeners("message");
  let answered = 0;
  client.socket.on("message", (frame: Buffer) => {
    if (frame[0] !== RIPPLE_MESSAGE) return;
    const message = readRoomMessage(decoding.createDecoder(frame.subarray(1)));
    if (message?.kind === "saved") answered = message.barrier;
  });
  const doc = new Y.Doc();
  const frames: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => frames.push(updateFrame(update)));
  const perTick = RATE_MESSAGES_PER_SECOND / 20;
  for (let i = 0; i < edits; i += perTick) {
    for (let j = i; j < Math.min(edits, i + perTick); j++) edit(doc, j);
    for (const frame of frames.splice(0)) client.send(frame);
    await delay(100);
    const sent = i + perTick;
    if (sent % EDITS_AHEAD !== 0 && sent < edits) continue;
    const barrier = Math.ceil(sent / EDITS_AHEAD);
    client.send(encodeClientMessage({ kind: "barrier", barrier }));
    await until(`barrier ${barrier} of editor ${index} is answered`, () => answered >= barrier);
  }
  return client;
}

test(`${EDITS} edits in one open room: the log stays within its bounds, and it reopens like its content`, async () => {
  const room = "doc-marathon";
  const witness = await syncedClient(server.host, room, "viewer1");
  const done = new AbortController();
  const seen = { logUpdates: 0, logBytes: 0, compactions: 0 };
  const watching = (async () => {
    while (!done.signal.aborted) {
      await delay(100);
      const { document } = await look(server, room);
      if (document === null) continue;
      seen.logUpdates = Math.max(seen.logUpdates, document.logUpdates);
      seen.logBytes = Math.max(seen.logBytes, document.logBytes);
      seen.compactions = document.compactions;
    }
  })();
  // Each types words and strikes them out again, though not at once: what comes and goes in one tick leaves no trace.
  const editors = await Promise.all(
    Array.from({ length: EDITORS }, (_, index) =>
      fastEditor(room, index, EDITS / EDITORS, (doc, i) => {
        const text = doc.getText("text");
        if (i % 100 < 50) text.insert(0, WORD);
        else text.delete(0, WORD.length);
      }),
    ),
  );
  const closed = () => editors.flatMap((editor) => editor.closed ?? []);
  done.abort();
  expect(closed()).toEqual([]);
  await watching;
  expect(seen.logUpdates).toBeLessThanOrEqual(LOG_MAX_UPDATES);
  expect(seen.logBytes).toBeLessThanOrEqual(LOG_MAX_BYTES);
  expect(seen.compactions).toBeGreaterThan(0);
  const { document } = await look(server, room);
  expect((document?.writes ?? 0) / EDITS).toBeLessThan(0.1);
  for (const { socket } of editors) socket.close();
  witness.destroy();
  await until("the room is let go", async () => (await look(server, room)).document === null);

  const late = await syncedClient(server.host, room, "viewer2");
  expect(late.text.toJSON()).toBe("");
  // Less than was typed: the words themselves are gone.
  expect((await look(server, room)).document?.bytes).toBeLessThan((EDITS / 2) * WORD.length);
  late.destroy();
}, 240_000);

test("who joins after a drag of five minutes receives kilobytes", async () => {
  const room = "diagram-drag";
  const draggers = await Promise.all(
    Array.from({ length: SHAPES }, (_, index) =>
      fastEditor(room, index, MOVES / SHAPES, (doc, i) => {
        doc
          .getMap("elements")
          .set(`shape${index}`, { id: `shape${index}`, x: i, y: i, width: 100, height: 50 });
      }),
    ),
  );
  const joiner = await rawClient(server.host, room, "viewer1");
  joiner.send(messages(new Y.Doc())["a sync step 1"]);
  const step2 = () => joiner.frames.find((frame) => frame[0] === 0 && frame[1] === 1);
  await until("it is in sync", () => step2() !== undefined);
  const doc = new Y.Doc();
  const decoder = decoding.createDecoder(step2()?.slice(2) ?? new Uint8Array());
  Y.applyUpdate(doc, decoding.readVarUint8Array(decoder));
  expect(doc.getMap("elements").size).toBe(SHAPES);
  expect(joiner.frames.reduce((bytes, frame) => bytes + frame.byteLength, 0)).toBeLessThan(20_000);
  for (const { socket } of [...draggers, joiner]) socket.close();
}, 60_000);

test("a document is warned of before it is full, refuses content when it is, and takes deletions still", async () => {
  const room = "doc-full";
  const ada = await syncedClient(server.host, room, "editor1");
  const ben = await syncedClient(server.host, room, "viewer1");
  await ada.saved();
  await ben.saved();
  const pages = ada.doc.getMap("pages");
  const page = "0123456789".repeat(690_000);
  const warned = () => [ada, ben].map(({ messages: all }) => all.some(({ kind }) => kind === "large"));
  const arrives = (key: string) => until(`ben has page ${key}`, () => ben.doc.getMap("pages").has(key));
  pages.set("1", page);
  await arrives("1");
  expect(warned()).toEqual([false, false]);
  pages.set("2", page);
  await arrives("2");
  await until("both are warned", () => warned().every(Boolean));
  pages.set("3", page);
  await until("ada is closed", () => ada.closes.length > 0);
  expect(ada.closes[0]).toBe(CLOSE.documentTooLarge.code);
  ada.provider.disconnect();
  expect(ben.closes).toEqual([]);
  expect([...ben.doc.getMap("pages").keys()]).toEqual(["1", "2"]);

  const cleo = await syncedClient(server.host, room, "editor2");
  cleo.doc.getMap("pages").delete("1");
  await cleo.saved();
  await until("the deletion was taken", () => !ben.doc.getMap("pages").has("1"));
  // As much as was struck out, although the log still holds both.
  cleo.doc.getMap("pages").set("4", page);
  await until("there is room again", () => ben.doc.getMap("pages").has("4"));
  await cleo.saved();
  const { document } = await look(server, room);
  expect(document?.bytes).toBeLessThan(2 * page.length + 10_000);
  expect(cleo.closes).toEqual([]);
  for (const client of [ada, ben, cleo]) client.destroy();
}, 60_000);
