/**
 * Document ids, in the shape that Convex gives them: base 32 (Crockford's alphabet, lower case) over
 *
 *     table number (variable length, 7 bits a byte) | 16 random bytes | Fletcher-16 of both
 *
 * The table is part of the id, so `v.id("users")` can refuse an id of another table without reading anything,
 * and the checksum makes a mistyped or invented id recognisable.
 */
import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const RANDOM_BYTES = 16;
const CHECKSUM_BYTES = 2;

/** User tables count from here, as in Convex; system tables have the numbers below. */
export const FIRST_USER_TABLE = 10_001;

/** A new, unguessable id of a table. */
export function newDocumentId(tableNumber: number): string {
  const head: number[] = [];
  let rest = tableNumber;
  while (rest > 0x7f) {
    head.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  head.push(rest);
  const body = Buffer.concat([Buffer.from(head), randomBytes(RANDOM_BYTES)]);
  return toBase32(Buffer.concat([body, checksum(body)]));
}

/** The number of the table that an id belongs to, or `null` when the string is not an id at all. */
export function tableNumberOfId(id: string): number | null {
  const bytes = fromBase32(id);
  if (bytes === null) return null;
  let number = 0;
  let shift = 0;
  let length = 0;
  for (;;) {
    const byte = bytes[length];
    if (byte === undefined || shift > 28) return null;
    number |= (byte & 0x7f) << shift;
    length += 1;
    shift += 7;
    if (byte < 0x80) break;
  }
  if (bytes.length !== length + RANDOM_BYTES + CHECKSUM_BYTES) return null;
  const body = bytes.subarray(0, length + RANDOM_BYTES);
  return checksum(body).equals(bytes.subarray(body.length)) ? number : null;
}

function checksum(bytes: Buffer): Buffer {
  let low = 0;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 255;
    high = (high + low) % 255;
  }
  return Buffer.from([high, low]);
}

function toBase32(bytes: Buffer): string {
  let text = "";
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((pending >>> bits) & 31);
    }
    pending &= (1 << bits) - 1;
  }
  if (bits > 0) text += ALPHABET.charAt((pending << (5 - bits)) & 31);
  return text;
}

function fromBase32(text: string): Buffer | null {
  // Longer than any id: no reason to decode it.
  if (text.length > 40) return null;
  const bytes: number[] = [];
  let bits = 0;
  let pending = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    pending = (pending << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((pending >>> bits) & 0xff);
      pending &= (1 << bits) - 1;
    }
  }
  // Bits that are left over are padding; anything but zero would give one document two ids.
  return pending === 0 && bits < 5 ? Buffer.from(bytes) : null;
}
