/**
 * Where the room's own time goes: `npx tsx bench/profile-room.ts text|cursors`.
 *
 * perf has no names for what workerd compiles, so the same modules run here in Node, with the scenario's frames
 * at the scenario's pace. Sockets and storage cost nothing here; what they cost in workerd is the floor's share.
 */
import { once } from "node:events";
import { Session } from "node:inspector/promises";
import * as Y from "yjs";
import { grantFor, startAccessServer } from "../partykit/tests/access-server";
import type { AccessGrant } from "../protocol/access";
import { encodeClientMessage } from "../protocol/messages";
import { CpuProfile, summarise } from "./cpu-profile";
import { randomFrom } from "./load/random";
import { awarenessFrame, FIRST_CLIENT_ID, moveState, step1Frame, step2Frame, updateFrame } from "./load/wire";

/** Of `partykit/room/room.ts`, whose other types are those of another runtime. */
interface Room {
  join(roomId: string, socket: Socket, grant: AccessGrant): Promise<void>;
}

const SECONDS = 10;
const SAMPLING_US = 200;
const ROOM = "doc-profile";

/** A person asks about as often as the page does while it types. */
const BARRIER_MS = 180;

const SCENARIOS = {
  text: { clients: 20, editHz: 10, moveHz: 0 },
  cursors: { clients: 100, editHz: 0, moveHz: 30 },
} as const;

class Socket extends EventTarget {
  readonly readyState = 1;

  send(): void {
    return undefined;
  }

  close(): void {
    this.dispatchEvent(new Event("close"));
  }

  receive(frame: Uint8Array): void {
    const data = frame.buffer.slice(frame.byteOffset, frame.byteOffset + frame.byteLength);
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

class Storage {
  readonly #entries = new Map<string, unknown>();

  get(key: string): Promise<unknown> {
    return Promise.resolve(this.#entries.get(key));
  }

  list(): Promise<Map<string, unknown>> {
    return Promise.resolve(new Map(this.#entries));
  }

  put(key: string | Record<string, unknown>, value?: unknown): Promise<void> {
    for (const [name, entry] of typeof key === "string" ? [[key, value] as const] : Object.entries(key)) {
      this.#entries.set(name, entry);
    }
    return Promise.resolve();
  }

  delete(keys: string | string[]): Promise<boolean> {
    for (const key of [keys].flat()) this.#entries.delete(key);
    return Promise.resolve(true);
  }

  transaction(run: (transaction: Storage) => Promise<void>): Promise<void> {
    return run(this);
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  setAlarm(): Promise<void> {
    return Promise.resolve();
  }

  deleteAlarm(): Promise<void> {
    return Promise.resolve();
  }
}

interface Person {
  socket: Socket;
  doc: Y.Doc;
  moves: number;
  barriers: number;
  askedAt: number;
}

async function enter(room: Room, index: number): Promise<Person> {
  const socket = new Socket();
  await room.join(ROOM, socket, grantFor(`editor${index}`, "editor"));
  const doc = new Y.Doc();
  doc.clientID = FIRST_CLIENT_ID + index;
  doc.on("update", (update: Uint8Array) => socket.receive(updateFrame(null, update)));
  socket.receive(step1Frame(null));
  socket.receive(step2Frame(null, doc));
  return { socket, doc, moves: 0, barriers: 0, askedAt: 0 };
}

function type(person: Person): void {
  const text = person.doc.getText("text");
  text.insert(text.length, "x");
  if (Date.now() - person.askedAt < BARRIER_MS) return;
  person.askedAt = Date.now();
  person.socket.receive(encodeClientMessage({ kind: "barrier", barrier: ++person.barriers }));
}

function move(person: Person, index: number): void {
  const state = JSON.stringify(moveState(++person.moves, index));
  person.socket.receive(awarenessFrame(null, FIRST_CLIENT_ID + index, person.moves, state));
}

const name = process.argv[2] === "cursors" ? "cursors" : "text";
const { clients, editHz, moveHz } = SCENARIOS[name];
Object.assign(globalThis, { WebSocket: { READY_STATE_OPEN: 1 } });
const { Room } = (await import(new URL("../partykit/room/room.ts", import.meta.url).href)) as {
  Room: new (party: { storage: Storage; env: Record<string, string> }) => Room;
};
const convex = await startAccessServer();
const room = new Room({ storage: new Storage(), env: convex.vars });
const people: Person[] = [];
for (let i = 0; i < clients; i++) people.push(await enter(room, i));

const random = randomFrom(1);
const period = 1_000 / (editHz + moveHz);
const due = people.map(() => performance.now() + random() * period);
const end = performance.now() + SECONDS * 1_000;
const profiler = new Session();
profiler.connect();
await profiler.post("Profiler.enable");
await profiler.post("Profiler.setSamplingInterval", { interval: SAMPLING_US });
await profiler.post("Profiler.start");
const finished = new EventTarget();
const tick = () => {
  const at = performance.now();
  people.forEach((person, index) => {
    while ((due[index] ?? Infinity) <= at) {
      if (editHz > 0) type(person);
      else move(person, index);
      due[index] = (due[index] ?? 0) + period * (0.5 + random());
    }
  });
  if (at < end) setTimeout(tick, 1);
  else finished.dispatchEvent(new Event("end"));
};
tick();
await once(finished, "end");
const { profile } = await profiler.post("Profiler.stop");
process.stdout.write(`${name}\n${summarise(CpuProfile.parse(profile))}\n`);
process.exit(0);
