/**
 * Index keys: a tuple of Convex values as bytes whose order (`memcmp`) is Convex's order of values:
 * undefined < null < int64 < float64 < boolean < string < bytes < array < object.
 *
 * A key is kept as a string with one character per byte ("latin1"): JavaScript then compares keys as SQLite
 * compares the blobs. Every encoded value is self-delimiting, so all keys that start with the encoding of a
 * prefix of the fields lie in one range, and no byte of an encoding at a value's start is 0xff.
 */
import type { Value } from "convex/values";

export type IndexKey = string;

/** After every key. */
export const MAX_KEY: IndexKey = "\xff";
/** Before every key. */
export const MIN_KEY: IndexKey = "";

const TAG = {
  end: 0x00,
  undefined: 0x10,
  null: 0x20,
  int64: 0x30,
  float64: 0x40,
  false: 0x50,
  true: 0x51,
  string: 0x60,
  bytes: 0x70,
  array: 0x80,
  object: 0x90,
} as const;

/** The key of a tuple of values, or of the beginning of one. */
export function encodeIndexKey(values: readonly (Value | undefined)[]): IndexKey {
  let key = "";
  for (const value of values) key += encodeValue(value);
  return key;
}

/** The smallest key that is greater than `key`. */
export function successor(key: IndexKey): IndexKey {
  return `${key}\x00`;
}

/** The smallest key that is greater than every key that starts with `prefix`. */
export function afterPrefix(prefix: IndexKey): IndexKey {
  return `${prefix}\xff`;
}

export function keyToBlob(key: IndexKey): Buffer {
  return Buffer.from(key, "latin1");
}

export function keyFromBlob(blob: Buffer): IndexKey {
  return blob.toString("latin1");
}

function encodeValue(value: Value | undefined): string {
  if (value === undefined) return String.fromCharCode(TAG.undefined);
  if (value === null) return String.fromCharCode(TAG.null);
  switch (typeof value) {
    case "bigint":
      return String.fromCharCode(TAG.int64) + eightBytes((view) => view.setBigInt64(0, value), "signed");
    case "number":
      return String.fromCharCode(TAG.float64) + eightBytes((view) => view.setFloat64(0, value), "float");
    case "boolean":
      return String.fromCharCode(value ? TAG.true : TAG.false);
    case "string":
      return String.fromCharCode(TAG.string) + delimited(Buffer.from(value, "utf8").toString("latin1"));
    default:
      return encodeCompound(value);
  }
}

function encodeCompound(value: Exclude<Value, null | bigint | number | boolean | string>): string {
  if (value instanceof ArrayBuffer) {
    return String.fromCharCode(TAG.bytes) + delimited(Buffer.from(value).toString("latin1"));
  }
  if (Array.isArray(value)) {
    return String.fromCharCode(TAG.array) + encodeIndexKey(value) + String.fromCharCode(TAG.end);
  }
  let key = String.fromCharCode(TAG.object);
  const fields = value as Record<string, Value | undefined>;
  for (const name of Object.keys(fields).sort()) {
    const field = fields[name];
    if (field !== undefined) key += encodeValue(name) + encodeValue(field);
  }
  return key + String.fromCharCode(TAG.end);
}

function eightBytes(write: (view: DataView) => void, kind: "signed" | "float"): string {
  const bytes = Buffer.alloc(8);
  write(new DataView(bytes.buffer, bytes.byteOffset, 8));
  const negative = ((bytes[0] ?? 0) & 0x80) !== 0;
  // IEEE 754 orders like a sign-magnitude integer: flip everything below zero, the sign bit above.
  if (kind === "float" && negative) for (let i = 0; i < 8; i++) bytes[i] = ~(bytes[i] ?? 0);
  else bytes[0] = (bytes[0] ?? 0) ^ 0x80;
  return bytes.toString("latin1");
}

/** Escapes the terminator, so that "a" sorts before "a\0" and both before "ab". */
function delimited(bytes: string): string {
  return `${bytes.includes("\x00") ? bytes.replaceAll("\x00", "\x00\xff") : bytes}\x00\x00`;
}
