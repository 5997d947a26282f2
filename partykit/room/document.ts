/**
 * A room's document while somebody is in the room: the engine that holds it and the journal that stores it.
 * It is loaded once for all who enter, and let go when the last one has left and everything is on the disk.
 */
import type * as Party from "partykit/server";
import * as Y from "yjs";
import { CLOSE, type CloseCode } from "../../protocol/close-codes";
import { DOCUMENT_MAX_BYTES, UNRESOLVED_MAX_BYTES } from "../../protocol/limits";
import { Engine } from "./engine";
import type { DecodedUpdate } from "./frames";
import { Journal, type JournalEvents } from "./journal";
import { nestsTooDeeply } from "./nesting";
import { mergeStoredLog, putAll, readStoredLog, updateEntries, updateKeyPrefix } from "./log-format";

export interface DocumentEvents extends Pick<JournalEvents, "onProgress"> {
  onUpdate(update: Uint8Array): void;
  /** The document's backup, for a room with empty storage; `null`: it never had one. */
  restore(): Promise<Uint8Array | null>;
}

export type ApplyOutcome =
  /** `waits`: some of it depends on content that has not arrived. */
  | { kind: "applied"; waits: boolean }
  | { kind: "refused"; close: CloseCode }
  /** It was too much that waited. All of it is thrown away, whoever sent it. */
  | { kind: "overflowed" };

export class RoomDocument {
  readonly journal: Journal;
  readonly #engine: Engine;
  /** Bytes of the change that is being made: the journal counts them when it is. */
  #arriving = 0;

  private constructor(engine: Engine, journal: Journal) {
    this.#engine = engine;
    this.journal = journal;
  }

  /**
   * Throws when storage cannot be read or makes no sense, or when there may be a backup and it cannot be had.
   * Nothing is remembered then: the next call tries anew.
   */
  static async open(storage: Party.Storage, roomId: string, events: DocumentEvents): Promise<RoomDocument> {
    let entries = await storage.list<Uint8Array>({ prefix: updateKeyPrefix(roomId) });
    if (entries.size === 0) entries = await restoreLog(storage, roomId, events);
    const stored = readStoredLog(entries);
    const engine: Engine = await Engine.open(roomId, entries, {
      onUpdate(update) {
        journal.append(update);
        events.onUpdate(update);
      },
    });
    const journal = new Journal(storage, roomId, stored, {
      onProgress: () => events.onProgress(),
      encodeDocument: () => engine.encodeDocument(),
    });
    return new RoomDocument(engine, journal);
  }

  /** Asks a client for what the room lacks. */
  syncStep1(): Uint8Array {
    return this.#engine.syncStep1();
  }

  /** Answers a client's sync step 1. */
  answer(message: Uint8Array): Uint8Array[] {
    return this.#engine.answer(message);
  }

  /** Everything that `change` applies becomes one update, for the journal and for everybody. */
  transact(change: () => void): void {
    this.#arriving = 0;
    this.#engine.doc.transact(change);
    this.#arriving = 0;
  }

  /** Applies a checked sync step 2 or update of somebody who may write. */
  apply(message: Uint8Array, decoded: DecodedUpdate): ApplyOutcome {
    const { structs } = decoded;
    if (nestsTooDeeply(structs, this.#engine.unresolvedStructs(), this.#engine.doc.store)) {
      return { kind: "refused", close: CLOSE.nestedTooDeeply };
    }
    if (addsContent(decoded) && !this.#hasRoomFor(message.byteLength)) {
      return { kind: "refused", close: CLOSE.documentTooLarge };
    }
    this.#arriving += message.byteLength;
    this.#engine.apply(message);
    if (!this.hasUnresolved()) return { kind: "applied", waits: false };
    if (this.#engine.unresolvedBytes() > UNRESOLVED_MAX_BYTES) {
      this.#engine.dropUnresolved();
      return { kind: "overflowed" };
    }
    // Somebody's updates wait. Whether this one is among them, Yjs does not say.
    return { kind: "applied", waits: !this.contains(decoded) };
  }

  /** What the journal counts includes what was struck out since the last compaction, so the answer may be a new one. */
  #hasRoomFor(bytes: number): boolean {
    if (this.journal.documentBytes + this.#arriving + bytes <= DOCUMENT_MAX_BYTES) return true;
    if (this.encode().byteLength + bytes > DOCUMENT_MAX_BYTES) return false;
    this.journal.compactNext();
    return true;
  }

  /** The document as one V1 update. */
  encode(): Uint8Array {
    return this.#engine.encodeDocument();
  }

  hasUnresolved(): boolean {
    return this.#engine.unresolvedBytes() > 0;
  }

  dropUnresolved(): void {
    this.#engine.dropUnresolved();
  }

  /** Whether the room knows all of this already, deletions included. */
  contains({ structs, ds }: DecodedUpdate): boolean {
    const { store } = this.#engine.doc;
    return (
      structs.every(({ id, length }) => id.clock + length <= Y.getState(store, id.client)) &&
      [...ds.clients].every(([client, ranges]) =>
        ranges.every(({ clock, len }) => isDeletedRange(store.clients.get(client) ?? [], clock, len)),
      )
    );
  }

  /** Synchronously. To be called when the journal has settled and nobody is here. */
  close(): void {
    this.#engine.close();
  }
}

/** The whole log as one V1 update, without opening the document. */
export async function encodeStored(storage: Party.Storage, roomId: string): Promise<Uint8Array> {
  return mergeStoredLog(await storage.list<Uint8Array>({ prefix: updateKeyPrefix(roomId) }));
}

/** On the disk before anybody is let in: what people see, the room has. */
async function restoreLog(
  storage: Party.Storage,
  roomId: string,
  events: DocumentEvents,
): Promise<Map<string, Uint8Array>> {
  const update = await events.restore();
  if (update === null) return new Map();
  const entries = updateEntries(roomId, 0, update);
  await putAll(storage, entries);
  await storage.sync();
  return new Map(Object.entries(entries));
}

/** Deletions must get through in a full document: they are the way back. */
function addsContent({ structs }: DecodedUpdate): boolean {
  return structs.length > 0;
}

function isDeletedRange(structs: (Y.Item | Y.GC)[], clock: number, length: number): boolean {
  const last = structs.at(-1);
  if (last === undefined || last.id.clock + last.length < clock + length) return false;
  for (let i = Y.findIndexSS(structs, clock); i < structs.length; i++) {
    const struct = structs[i];
    if (struct === undefined || struct.id.clock >= clock + length) break;
    if (!struct.deleted) return false;
  }
  return true;
}
