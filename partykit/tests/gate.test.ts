import { describe, expect, test } from "vitest";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { CLOSE } from "../../protocol/close-codes";
import {
  AWARENESS_MAX_BYTES,
  AWARENESS_MAX_STATES,
  BATCH_MAX_FRAMES,
  BATCH_MAX_MS,
  FRAME_MAX_BYTES,
  MESSAGE_MAX_BYTES,
  RATE_BURST_BYTES,
  RATE_BURST_MESSAGES,
  RATE_BYTES_PER_SECOND,
  RATE_MESSAGES_PER_SECOND,
} from "../../protocol/limits";
import { parseFrame } from "../room/frames";
import { Gate } from "../room/gate";
import { awarenessFrame, messages, mangled } from "./frames";
import { random, seed } from "./random";

const FRAME = new Uint8Array([1]).buffer;

function codeOf(gate: Gate, data: string | ArrayBuffer, now = 0): number | null {
  const admission = gate.admit(data, now);
  return admission.kind === "abuse" ? admission.close.code : null;
}

function marker(type: string, size: number, count: number, id = "a"): string {
  return `y-pk-batch#${JSON.stringify({ id, type, size, count })}`;
}

describe("the token bucket", () => {
  test("takes the burst and not one more", () => {
    const gate = new Gate(0);
    for (let i = 0; i < RATE_BURST_MESSAGES; i++) expect(codeOf(gate, FRAME)).toBeNull();
    expect(codeOf(gate, FRAME)).toBe(CLOSE.rateLimited.code);
  });

  test("takes the rate for ever, and a little more not for long", () => {
    const steady = new Gate(0);
    const fast = new Gate(0);
    let refused = 0;
    for (let i = 0; i < 20_000; i++) {
      expect(codeOf(steady, FRAME, (i * 1_000) / RATE_MESSAGES_PER_SECOND)).toBeNull();
      if (codeOf(fast, FRAME, (i * 1_000) / (RATE_MESSAGES_PER_SECOND * 1.1)) !== null) refused += 1;
    }
    expect(refused).toBeGreaterThan(0);
  });
});

test("bytes have a rate and a burst too, whatever carries them", () => {
  const gate = new Gate(0);
  const frame = new ArrayBuffer(1_000_000);
  for (let i = 0; i < RATE_BURST_BYTES / frame.byteLength; i++) expect(codeOf(gate, frame)).toBeNull();
  expect(codeOf(gate, FRAME, 1_000 / RATE_BYTES_PER_SECOND)).toBeNull();
  expect(codeOf(gate, frame, 1)).toBe(CLOSE.rateLimited.code);
});

describe("frames and batches", () => {
  test("a frame may have the largest size, and not a byte more", () => {
    expect(codeOf(new Gate(0), new ArrayBuffer(FRAME_MAX_BYTES))).toBeNull();
    expect(codeOf(new Gate(0), new ArrayBuffer(FRAME_MAX_BYTES + 1))).toBe(CLOSE.messageTooLarge.code);
  });

  test("a batch is put together in order", () => {
    const gate = new Gate(0);
    gate.admit(marker("start", 3, 2), 0);
    expect(gate.admit(new Uint8Array([1, 2]).buffer, 0)).toEqual({ kind: "incomplete" });
    gate.admit(new Uint8Array([3]).buffer, 0);
    expect(gate.admit(marker("end", 3, 2), 0)).toEqual({ kind: "message", bytes: new Uint8Array([1, 2, 3]) });
    expect(gate.admit(new Uint8Array([9]).buffer, 0)).toEqual({
      kind: "message",
      bytes: new Uint8Array([9]),
    });
  });

  test("a batch may have the largest size, number of frames and time, and no more", () => {
    expect(codeOf(new Gate(0), marker("start", MESSAGE_MAX_BYTES, 8))).toBeNull();
    expect(codeOf(new Gate(0), marker("start", MESSAGE_MAX_BYTES + 1, 8))).toBe(CLOSE.messageTooLarge.code);
    expect(codeOf(new Gate(0), marker("start", 100, BATCH_MAX_FRAMES))).toBeNull();
    expect(codeOf(new Gate(0), marker("start", 100, BATCH_MAX_FRAMES + 1))).toBe(CLOSE.malformedFrame.code);
    const gate = new Gate(0);
    gate.admit(marker("start", 100, 8), 0);
    expect(codeOf(gate, FRAME, BATCH_MAX_MS)).toBeNull();
    expect(gate.batchIsLate(BATCH_MAX_MS)).toBe(false);
    expect(gate.batchIsLate(BATCH_MAX_MS + 1)).toBe(true);
    expect(codeOf(gate, FRAME, BATCH_MAX_MS + 1)).toBe(CLOSE.batchTimeout.code);
  });

  test.each([
    ["text that is no marker", ["hello"]],
    ["a marker that is no JSON", ["y-pk-batch#notjson"]],
    ["a marker of another shape", ['y-pk-batch#{"type":"start"}']],
    ["a marker with a negative size", [marker("start", -1, 1)]],
    ["an end without start", [marker("end", 1, 1)]],
    ["two starts", [marker("start", 1, 1), marker("start", 1, 1)]],
    ["more bytes than promised", [marker("start", 1, 2), FRAME, FRAME]],
    ["more frames than promised", [marker("start", 9, 1), FRAME, FRAME]],
    ["fewer frames than promised", [marker("start", 1, 2), FRAME, marker("end", 1, 2)]],
    ["another end than start", [marker("start", 1, 1), FRAME, marker("end", 1, 1, "b")]],
  ] satisfies [string, (string | ArrayBuffer)[]][])("%s is malformed", (_name, frames) => {
    const gate = new Gate(0);
    const codes = frames.map((frame) => codeOf(gate, frame));
    expect(codes.at(-1)).toBe(CLOSE.malformedFrame.code);
    expect(codes.slice(0, -1).every((code) => code === null)).toBe(true);
  });
});

describe("messages", () => {
  const whole = messages();

  test.each(Object.entries(whole))(
    "%s is understood, and with a byte too many or too few it is not",
    (_name, bytes) => {
      expect(parseFrame(bytes).kind).not.toBe("malformed");
      expect(parseFrame(new Uint8Array([...bytes, 0])).kind).toBe("malformed");
      for (let length = 0; length < bytes.length; length++) {
        expect(parseFrame(bytes.slice(0, length)).kind, `${length} bytes`).toBe("malformed");
      }
    },
  );

  test("auth, query-awareness and unknown types are malformed", () => {
    for (const type of [2, 3, 4, 99, 101, 127])
      expect(parseFrame(new Uint8Array([type])).kind).toBe("malformed");
  });

  test("an awareness state may have the largest size, and not a character more", () => {
    const state = (length: number) => `{"x":"${"y".repeat(length - 8)}"}`;
    expect(parseFrame(awarenessFrame(1, 1, state(AWARENESS_MAX_BYTES))).kind).toBe("awareness");
    expect(parseFrame(awarenessFrame(1, 1, state(AWARENESS_MAX_BYTES + 1))).kind).toBe("awarenessTooLarge");
  });

  test("an awareness message may hold the states of a full room, and not any number", () => {
    const frame = (states: number) => {
      const awareness = encoding.createEncoder();
      encoding.writeVarUint(awareness, states);
      for (let i = 0; i < states; i++) {
        encoding.writeVarUint(awareness, i);
        encoding.writeVarUint(awareness, 1);
        encoding.writeVarString(awareness, "{}");
      }
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarUint8Array(encoder, encoding.toUint8Array(awareness));
      return encoding.toUint8Array(encoder);
    };
    expect(parseFrame(frame(AWARENESS_MAX_STATES)).kind).toBe("awareness");
    expect(parseFrame(frame(AWARENESS_MAX_STATES + 1)).kind).toBe("malformed");
  });

  test("20,000 random and mutated frames are parsed or refused, and none throws or hangs", () => {
    const from = seed();
    const dice = random(from);
    const kinds = new Set<string>();
    const good = Object.values(whole);
    for (let i = 0; i < 20_000; i++) {
      const frame = mangled(dice, good);
      kinds.add(typeof frame === "string" ? "text" : parseFrame(frame).kind);
    }
    expect([...kinds].sort(), `seed ${from}`).toEqual(
      ["awareness", "malformed", "ripple", "syncStep1", "text", "update"].sort(),
    );
  });

  test("an update whose structs reach beyond any clock is malformed", () => {
    const doc = new Y.Doc();
    doc.clientID = 1;
    doc.getText("t").insert(0, "x");
    const frame = messages(doc)["an update"];
    expect(parseFrame(frame).kind).toBe("update");
    // One struct of client 1 at clock 2^49, a GC of length 1.
    const huge = [1, 1, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0, 1, 0];
    expect(parseFrame(new Uint8Array([0, 2, huge.length, ...huge])).kind).toBe("malformed");
  });
});
