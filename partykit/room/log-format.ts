/**
 * y-partykit's storage format, which Ripple's rooms keep, so that a stock server reads them and they read its:
 *
 *   "v1"#"{room}"#"update"#{clock, 9 digits}#{part, 3 digits}   one update, in parts of 128 KiB
 *   "v1_sv"#"{room}"#{part}                                     `varUint clock, byte array state vector`
 *
 * A document is the sum of its updates in order of their clocks. A snapshot is nothing special: an update that
 * contains all before it, which are then deleted. The quotes belong to the keys.
 */
import * as encoding from "lib0/encoding";
import type * as Party from "partykit/server";
import * as Y from "yjs";

/** What the platform takes as one value. */
const PART_BYTES = 128 * 1024;

/** What the platform takes in one `put` or `delete`. */
const KEYS_PER_CALL = 128;

const UPDATE_KEY = /#(\d{9})#(\d{3})$/;

/** The stored log, as read in one `list`. */
export interface StoredLog {
  /** Keys of each update's parts, by clock. */
  keys: Map<number, string[]>;
  /** The highest clock; -1 when nothing is stored. */
  lastClock: number;
  /** Bytes of all updates, and of the first one: what was compacted last, or as good as that. */
  bytes: number;
  firstBytes: number;
}

/** All keys of the log, and nothing else, begin with this. */
export function updateKeyPrefix(roomId: string): string {
  return `"v1"#"${roomId}"#"update"#`;
}

export function updateEntries(roomId: string, clock: number, update: Uint8Array): Record<string, Uint8Array> {
  return parts(`${updateKeyPrefix(roomId)}${String(clock).padStart(9, "0")}`, update);
}

/** Stock y-partykit's note on how far the log reaches; it keeps one, so there is one. */
export function stateVectorEntries(
  roomId: string,
  clock: number,
  update: Uint8Array,
): Record<string, Uint8Array> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clock);
  encoding.writeVarUint8Array(encoder, Y.encodeStateVectorFromUpdate(update));
  return parts(`"v1_sv"#"${roomId}"`, encoding.toUint8Array(encoder));
}

/** Throws on a key that is not of the log: then this is not storage that may be written to. */
export function readStoredLog(entries: Map<string, Uint8Array>): StoredLog {
  const log: StoredLog = { keys: new Map(), lastClock: -1, bytes: 0, firstBytes: 0 };
  // Storage lists in the order of the keys, which is the order of the clocks.
  for (const [key, value] of entries) {
    const digits = UPDATE_KEY.exec(key)?.[1];
    if (digits === undefined) throw new Error("a key in the update log is not of y-partykit's format");
    const clock = Number(digits);
    log.keys.set(clock, [...(log.keys.get(clock) ?? []), key]);
    log.lastClock = clock;
    log.bytes += value.byteLength;
    if (log.keys.size === 1) log.firstBytes += value.byteLength;
  }
  return log;
}

/** All updates as one. Throws on what is no update. */
export function mergeStoredLog(entries: Map<string, Uint8Array>): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const keys of readStoredLog(entries).keys.values()) {
      Y.applyUpdate(doc, joinParts(keys.flatMap((key) => entries.get(key) ?? [])));
    }
  });
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/**
 * All or nothing, for as many entries as there are: half an update under a key would make the document unreadable.
 * The platform writes atomically what is put without an await in between.
 */
export async function putAll(storage: Party.Storage, entries: Record<string, Uint8Array>): Promise<void> {
  const calls = chunks(Object.entries(entries)).map((chunk) =>
    storage.put(Object.fromEntries(chunk), { allowUnconfirmed: true }),
  );
  await Promise.all(calls);
}

/** For as many keys as there are. */
export async function deleteAll(storage: Party.Storage, keys: string[]): Promise<void> {
  await Promise.all(chunks(keys).map((chunk) => storage.delete(chunk, { allowUnconfirmed: true })));
}

function chunks<T>(items: T[]): T[][] {
  const result: T[][] = [];
  for (let i = 0; i < items.length; i += KEYS_PER_CALL) result.push(items.slice(i, i + KEYS_PER_CALL));
  return result;
}

function joinParts(values: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(values.reduce((bytes, value) => bytes + value.byteLength, 0));
  let offset = 0;
  for (const value of values) {
    joined.set(value, offset);
    offset += value.byteLength;
  }
  return joined;
}

function parts(prefix: string, value: Uint8Array): Record<string, Uint8Array> {
  const entries: Record<string, Uint8Array> = {};
  for (let part = 0; part * PART_BYTES < value.byteLength; part++) {
    entries[`${prefix}#${String(part).padStart(3, "0")}`] = value.slice(
      part * PART_BYTES,
      (part + 1) * PART_BYTES,
    );
  }
  return entries;
}
