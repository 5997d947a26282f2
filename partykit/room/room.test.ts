/**
 * What the room says of edits that build upon one which comes late, on a disk that the test breaks. The clock stands
 * still while frames arrive, so that they are taken in as one change.
 */
import type * as Party from "partykit/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as syncProtocol from "y-protocols/sync";
import * as Y from "yjs";
import type { AccessGrant } from "../../protocol/access";
import { CLOSE } from "../../protocol/close-codes";
import { VALUE_MAX_DEPTH } from "../../protocol/limits";
import {
  encodeClientMessage,
  readRoomMessage,
  RIPPLE_MESSAGE,
  type RoomMessage,
} from "../../protocol/messages";
import { MESSAGE_SYNC } from "./frames";
import { NotedStorage } from "./noted-storage.fixture";
import { Room } from "./room";

class Person {
  readonly readyState = 1;
  /** What the room has told about saving, and the document as it was sent. */
  readonly told: RoomMessage[] = [];
  readonly doc = new Y.Doc();
  closed: number | null = null;
  readonly #listeners = new Map<string, (event: { data?: ArrayBuffer }) => void>();

  addEventListener(type: string, listener: (event: { data?: ArrayBuffer }) => void): void {
    this.#listeners.set(type, listener);
  }

  send(frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === MESSAGE_SYNC && decoding.readVarUint(decoder) === syncProtocol.messageYjsUpdate) {
      syncProtocol.readUpdate(decoder, this.doc, "the room");
    }
    const message = type === RIPPLE_MESSAGE ? readRoomMessage(decoder) : null;
    if (message !== null) this.told.push(message);
  }

  close(code: number): void {
    this.closed = code;
    this.#listeners.get("close")?.({});
  }

  says(frame: Uint8Array): void {
    this.#listeners.get("message")?.({ data: new Uint8Array(frame).buffer });
  }
}

let storage: NotedStorage;
let room: Room;

beforeEach(() => {
  vi.useFakeTimers();
  // What y-partykit asks a socket's state with; Node 20 has none.
  vi.stubGlobal("WebSocket", { READY_STATE_OPEN: 1 });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 204 })));
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  storage = new NotedStorage();
  const env = { CONVEX_SITE_URL: "http://convex.invalid", ROOM_SERVICE_SECRET: "a secret" };
  room = new Room({ storage: storage as unknown as Party.Storage, env });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function enter(userId: string): Promise<Person> {
  const person = new Person();
  const grant: AccessGrant = { userId, name: userId, color: "#000000", role: "editor" };
  await room.join("doc-late", person as unknown as Party.Connection, grant);
  return person;
}

function updateFrame(update: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_SYNC);
  syncProtocol.writeUpdate(encoder, update);
  return encoding.toUint8Array(encoder);
}

/** Two edits, of which the second stands behind the first and means nothing without it. */
function twoEdits(): [first: Uint8Array, second: Uint8Array] {
  const [ada, bert] = [new Y.Doc(), new Y.Doc()];
  ada.getText("text").insert(0, "a");
  const first = Y.encodeStateAsUpdate(ada);
  Y.applyUpdate(bert, first);
  const before = Y.encodeStateVector(bert);
  bert.getText("text").insert(1, "b");
  return [updateFrame(first), updateFrame(Y.encodeStateAsUpdate(bert, before))];
}

/** Somebody whose edit waits, and who has asked whether it is saved. */
async function whoWaits(second: Uint8Array): Promise<Person> {
  const person = await enter("bert");
  person.says(second);
  person.says(encodeClientMessage({ kind: "barrier", barrier: 1 }));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(person.told).toEqual([{ kind: "notSaved", reason: "unresolved" }]);
  return person;
}

/** Nothing is called saved as long as the disk is broken, and it is as soon as it is not. */
async function expectSavedWhenMended(person: Person): Promise<void> {
  await vi.advanceTimersByTimeAsync(5_000);
  expect(person.told.slice(1)).toContainEqual({ kind: "notSaved", reason: "storage" });
  expect(person.told.map(({ kind }) => kind)).not.toContain("saved");
  storage.broken = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(person.told.at(-1)).toEqual({ kind: "saved", barrier: 1 });
}

test("an edit that waited is saved when what let it in is on the disk, and not before", async () => {
  const [first, second] = twoEdits();
  const bert = await whoWaits(second);
  const ada = await enter("ada");
  storage.broken = true;
  ada.says(first);
  await expectSavedWhenMended(bert);
});

test("nor is it before, if somebody is sent out in the same moment", async () => {
  const [first, second] = twoEdits();
  const bert = await whoWaits(second);
  const [ada, eve] = [await enter("ada"), await enter("eve")];
  storage.broken = true;
  // The first makes the room busy; the other two wait for the tick.
  ada.says(updateFrame(Y.encodeStateAsUpdate(new Y.Doc())));
  ada.says(first);
  eve.says(tooDeep());
  await expectSavedWhenMended(bert);
  expect(eve.closed).toBe(CLOSE.nestedTooDeeply.code);
});

test("what an edit lets in reaches its author too", async () => {
  const [first, second] = twoEdits();
  await whoWaits(second);
  const ada = await enter("ada");
  ada.says(first);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ada.doc.getText("text").toJSON()).toBe("ab");
});

function tooDeep(): Uint8Array {
  const doc = new Y.Doc();
  let value: unknown = 1;
  for (let depth = 0; depth <= VALUE_MAX_DEPTH; depth++) value = [value];
  doc.getMap("scratch").set("deep", value);
  return updateFrame(Y.encodeStateAsUpdate(doc));
}
