/**
 * y-partykit as the room's document engine, behind one connection that is not a socket.
 *
 * y-partykit believes everything that a connection sends, and answers each by itself. So it gets one connection per
 * room, this hub: the room passes in the frames that it has checked, one at a time, and decides who gets what comes
 * back. The engine answers synchronously, and a sync step 1 is the only thing that it answers to one instead of to
 * all, so whatever it sends while a frame is passed in belongs to that frame.
 *
 * Three traps of the engine are handled here:
 *   - It keeps documents in a module-global map by room id that outlives the Durable Object: after an object reset
 *     in a live isolate that map has a document bound to dead storage. Such a document is evicted on open.
 *   - `onConnect` remembers a failed load for ever; `unstable_getYDoc` does not. The load goes through the latter.
 *   - With persistence it never collects garbage, and its own writes are one per update. Both are taken over:
 *     `gc` is switched on, and its storage gets a log to read from and hands every update to the journal.
 */
import type * as Party from "partykit/server";
import { onConnect, unstable_getYDoc } from "y-partykit";
import * as encoding from "lib0/encoding";
import * as syncProtocol from "y-protocols/sync";
import * as Y from "yjs";
import { MESSAGE_SYNC, SYNC_STEP_1, SYNC_STEP_2, type DecodedUpdate } from "./frames";

type EngineDocument = Awaited<ReturnType<typeof unstable_getYDoc>>;

/** A new object each time: y-partykit writes into it, and then warns that it differs from the last one. */
function engineOptions(): Parameters<typeof onConnect>[2] & object {
  return { persist: { mode: "snapshot" } };
}

export interface EngineEvents {
  /** The document has changed; the update is to be stored and sent on. Called while `receive` runs. */
  onUpdate(update: Uint8Array): void;
}

export class Engine {
  readonly doc: EngineDocument;
  readonly #hub: HubConnection;
  /** The answer to somebody who has nothing: encoding a large document once for each of many joiners is dear. */
  #whole: Uint8Array[] | null = null;
  /** What was decoded last. */
  #unresolved: { update: Uint8Array; structs: DecodedUpdate["structs"] } | null = null;

  private constructor(doc: EngineDocument, hub: HubConnection) {
    this.doc = doc;
    this.#hub = hub;
  }

  /**
   * Opens the room's document from `entries`, what storage holds of y-partykit's update log.
   * Throws if the log cannot be read; nothing is remembered of the attempt.
   */
  static async open(roomId: string, entries: Map<string, Uint8Array>, events: EngineEvents): Promise<Engine> {
    // All that y-partykit uses of a room. Reading is all that it does with this storage: its writes end below.
    const log = { list: () => Promise.resolve(entries) } as unknown as Party.Storage;
    const room = { id: roomId, storage: log } as unknown as Party.Room;

    let doc = await unstable_getYDoc(room, engineOptions());
    if (doc.storage?.db !== log) {
      await evict(doc, room);
      doc = await unstable_getYDoc(room, engineOptions());
    }
    const { storage } = doc;
    if (storage?.db !== log) throw new Error("y-partykit did not let go of a stale document");

    doc.gc = true;
    storage.storeUpdate = (_name, update) => {
      events.onUpdate(update);
      return Promise.resolve(0);
    };
    doc.compactUpdateLog = () => Promise.resolve();

    const hub = new HubConnection();
    await onConnect(hub.asConnection(), room, engineOptions());
    const engine = new Engine(doc, hub);
    doc.on("update", () => (engine.#whole = null));
    return engine;
  }

  /** Applies one checked sync step 2 or update, whole. */
  apply(message: Uint8Array): void {
    this.#pass(message);
  }

  /** Answers a checked sync step 1. */
  answer(message: Uint8Array): Uint8Array[] {
    const answer = () => this.#withoutUnresolved(() => this.#pass(message));
    if (!asksForEverything(message)) return answer();
    this.#whole ??= answer();
    return this.#whole;
  }

  #pass(message: Uint8Array): Uint8Array[] {
    const replies: Uint8Array[] = [];
    this.#hub.outbound = (frame) => {
      if (frame[0] === MESSAGE_SYNC && frame[1] === SYNC_STEP_2) replies.push(frame);
    };
    this.#hub.emit("message", message);
    this.#hub.outbound = null;
    return replies;
  }

  /** "This is what I have": asks a client for what the room lacks. */
  syncStep1(): Uint8Array {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE_SYNC);
    syncProtocol.writeSyncStep1(encoder, this.doc);
    return encoding.toUint8Array(encoder);
  }

  /** The whole document: what may be stored. */
  encodeDocument(): Uint8Array {
    return this.#withoutUnresolved(() => Y.encodeStateAsUpdate(this.doc));
  }

  /**
   * Yjs encodes updates that wait as if they were content. On the disk they would wait for ever; and whoever was sent
   * them would say them back at each reconnect, for ever without an answer to its barriers.
   */
  #withoutUnresolved<Result>(encode: () => Result): Result {
    const { store } = this.doc;
    const { pendingStructs, pendingDs } = store;
    store.pendingStructs = null;
    store.pendingDs = null;
    try {
      return encode();
    } finally {
      store.pendingStructs = pendingStructs;
      store.pendingDs = pendingDs;
    }
  }

  /** Bytes of updates whose dependencies have not arrived. */
  unresolvedBytes(): number {
    const { pendingStructs, pendingDs } = this.doc.store;
    return (pendingStructs?.update.byteLength ?? 0) + (pendingDs?.byteLength ?? 0);
  }

  /** The content of those updates. */
  unresolvedStructs(): DecodedUpdate["structs"] {
    const update = this.doc.store.pendingStructs?.update;
    if (update === undefined) return [];
    if (this.#unresolved?.update !== update) {
      this.#unresolved = { update, structs: Y.decodeUpdateV2(update).structs };
    }
    return this.#unresolved.structs;
  }

  dropUnresolved(): void {
    this.doc.store.pendingStructs = null;
    this.doc.store.pendingDs = null;
  }

  /** Lets go of the document, synchronously. Nothing is written: the journal has everything, or nothing has. */
  close(): void {
    this.#hub.emit("close");
  }
}

/** A sync step 1 with an empty state vector: one byte long, and zero clients. */
function asksForEverything(message: Uint8Array): boolean {
  const [type, step, length, clients] = message;
  return type === MESSAGE_SYNC && step === SYNC_STEP_1 && length === 1 && clients === 0;
}

/** Removes a document from y-partykit's map without a byte to its dead storage, or a word to its dead sockets. */
async function evict(doc: EngineDocument, room: Party.Room): Promise<void> {
  doc.compactUpdateLog = () => Promise.resolve();
  doc.conns.clear();
  const evictor = new HubConnection();
  await onConnect(evictor.asConnection(), room, engineOptions());
  evictor.emit("close");
}

class HubConnection {
  readonly id = "hub";
  readonly readyState = 1;
  outbound: ((frame: Uint8Array) => void) | null = null;
  #listeners = new Map<string, (event: { data?: Uint8Array }) => void>();

  /** The four members that y-partykit uses of a connection are here, and nothing else is. */
  asConnection(): Party.Connection {
    return this as unknown as Party.Connection;
  }

  addEventListener(type: string, listener: (event: { data?: Uint8Array }) => void): void {
    this.#listeners.set(type, listener);
  }

  emit(type: "message" | "close", data?: Uint8Array): void {
    this.#listeners.get(type)?.(data === undefined ? {} : { data });
  }

  send(frame: Uint8Array): void {
    this.outbound?.(frame);
  }

  close(): void {
    // The engine closes a connection that has closed already. The real sockets are the room's.
  }
}
