import { compareValues, type Value } from "convex/values";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextTime } from "../cron_times";
import { chunksOf } from "../sync/messages";
import { FIRST_USER_TABLE, newDocumentId, tableNumberOfId } from "../values/document_id";
import { afterPrefix, encodeIndexKey, keyFromBlob, keyToBlob, successor } from "../values/index_key";
import { validate } from "../values/validate";

const text = fc.string({ unit: "grapheme" });
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double(),
    fc.integer().map(Number),
    fc.boolean(),
    text,
    fc.uint8Array({ maxLength: 4 }).map((bytes) => new Uint8Array(bytes).buffer),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,2}$/), tie("value"), { maxKeys: 3 }),
  ),
})).value;

describe("index keys", () => {
  test("are in the order of their values", () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [x, y] = [encodeIndexKey([a]), encodeIndexKey([b])];
        expect(Math.sign(x < y ? -1 : x > y ? 1 : 0)).toBe(Math.sign(compareValues(a, b)));
        expect(Math.sign(Buffer.compare(keyToBlob(x), keyToBlob(y)))).toBe(Math.sign(compareValues(a, b)));
      }),
      { numRuns: 2_000 },
    );
  });
  test("that begin alike lie between the beginning and its end", () => {
    fc.assert(
      fc.property(value, value, value, (a, b, other) => {
        const prefix = encodeIndexKey([a]);
        const key = encodeIndexKey([a, b]);
        expect(prefix <= key && key < afterPrefix(prefix)).toBe(true);
        const elsewhere = encodeIndexKey([other, b]);
        const inside = prefix <= elsewhere && elsewhere < afterPrefix(prefix);
        expect(inside).toBe(compareValues(a, other) === 0);
      }),
    );
  });
  test("have a next key with nothing in between, and survive being stored", () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [x, y] = [encodeIndexKey([a]), encodeIndexKey([b])];
        expect(x < y).toBe(successor(x) <= y);
        expect(keyFromBlob(keyToBlob(x))).toBe(x);
      }),
    );
  });
});

describe("document ids", () => {
  test("say which table they are of, and nothing else is an id", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 20 }), fc.nat(40), text, (table, at, noise) => {
        const id = newDocumentId(table);
        expect(tableNumberOfId(id)).toBe(table);
        const other = id.at(at % id.length) === "0" ? "1" : "0";
        const mistyped = id.slice(0, at % id.length) + other + id.slice((at % id.length) + 1);
        expect(tableNumberOfId(mistyped)).toBeNull();
        expect(tableNumberOfId(noise)).toBeNull();
      }),
    );
    expect(newDocumentId(FIRST_USER_TABLE)).toHaveLength(32);
  });
});

describe("validators", () => {
  const noTable = () => null;
  test("a record's keys and an object's fields are checked, and a union takes any of its members", () => {
    const record = {
      type: "record",
      keys: { type: "string" },
      values: { fieldType: { type: "number" }, optional: false },
    } as const;
    expect(validate(record, { a: 1 }, noTable)).toBeNull();
    expect(validate(record, { a: "1" }, noTable)).toMatchObject({ path: ".a" });
    const union = { type: "union", value: [{ type: "null" }, { type: "literal", value: "x" }] } as const;
    expect(validate(union as never, "x", noTable)).toBeNull();
    expect(validate(union as never, "y", noTable)).not.toBeNull();
  });
  test("a field of Object.prototype is not a field", () => {
    const empty = { type: "object", value: {} } as const;
    expect(validate(empty, { toString: 1 }, noTable)).toMatchObject({ path: "" });
  });
});

describe("chunks of a Transition", () => {
  test("are no longer than asked for, and joined they are the message", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.integer({ min: 2, max: 50 }),
        (message, max) => {
          const frames = chunksOf(message, max, "id");
          if (message.length <= max) {
            expect(frames).toEqual([message]);
            return;
          }
          const parts = frames.map(
            (frame) => JSON.parse(frame) as { chunk: string; partNumber: number; totalParts: number },
          );
          expect(parts.map(({ chunk }) => chunk).join("")).toBe(message);
          expect(parts.every(({ chunk }) => chunk.length <= max)).toBe(true);
          expect(parts.map(({ partNumber }) => partNumber)).toEqual(parts.map((_, i) => i));
          expect(new Set(parts.map(({ totalParts }) => totalParts))).toEqual(new Set([parts.length]));
        },
      ),
    );
  });
});

describe("cron schedules", () => {
  const at = (iso: string) => Date.parse(iso);
  const after = at("2026-11-20T10:20:30.000Z"); // a Friday
  test.each([
    [{ type: "hourly", minuteUTC: 15 }, "2026-11-20T11:15:00.000Z"],
    [{ type: "hourly" }, "2026-11-20T11:00:00.000Z"],
    [{ type: "daily", hourUTC: 3, minuteUTC: 30 }, "2026-11-21T03:30:00.000Z"],
    [{ type: "weekly", dayOfWeek: "monday", hourUTC: 0 }, "2026-11-23T00:00:00.000Z"],
    [{ type: "monthly", day: 1, hourUTC: 12, minuteUTC: 5 }, "2026-12-01T12:05:00.000Z"],
    [{ type: "cron", cron: "*/10 * * * *" }, "2026-11-20T10:30:00.000Z"],
    [{ type: "interval", minutes: 5 }, "2026-11-20T10:20:30.000Z"],
  ] as const)("%o", (schedule, expected) => {
    expect(new Date(nextTime(schedule, after, null)).toISOString()).toBe(expected);
  });
  test("an interval keeps its beat and leaves out what was missed", () => {
    const schedule = { type: "interval", seconds: 60 } as const;
    expect(nextTime(schedule, after, after - 1_000)).toBe(after + 59_000);
    expect(nextTime(schedule, after, after - 600_500)).toBe(after + 59_500);
    expect(nextTime(schedule, after, after)).toBe(after + 60_000);
  });
});
