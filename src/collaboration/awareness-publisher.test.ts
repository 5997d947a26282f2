import * as decoding from "lib0/decoding";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import { ALONE_INTERVAL_MS, PUBLISH_INTERVAL_MS, publishAwareness } from "./awareness-publisher";

interface Entry {
  clientId: number;
  state: Record<string, unknown> | null;
}

function entriesOf(frame: Uint8Array): Entry[] {
  const decoder = decoding.createDecoder(frame);
  expect(decoding.readVarUint(decoder)).toBe(1);
  const update = decoding.createDecoder(decoding.readVarUint8Array(decoder));
  return Array.from({ length: decoding.readVarUint(update) }, () => {
    const clientId = decoding.readVarUint(update);
    decoding.readVarUint(update);
    return { clientId, state: JSON.parse(decoding.readVarString(update)) as Entry["state"] };
  });
}

describe("the awareness publisher", () => {
  let sent: Entry[][];
  let mine: Awareness;
  let other: Awareness;
  let stop: () => void;
  const otherMoves = (x: number) => {
    other.setLocalState({ x });
    applyAwarenessUpdate(mine, encodeAwarenessUpdate(other, [other.clientID]), "room");
  };

  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    mine = new Awareness(new Y.Doc());
    other = new Awareness(new Y.Doc());
    ({ stop } = publishAwareness(mine, (frame) => sent.push(entriesOf(frame)) > 0));
  });

  afterEach(() => {
    stop();
    mine.doc.destroy();
    other.doc.destroy();
    vi.useRealTimers();
  });

  it("sends this client's entry and never another's", () => {
    otherMoves(1);
    mine.setLocalStateField("x", 1);
    otherMoves(2);
    vi.advanceTimersByTime(1_000);
    expect(sent.flat().map(({ clientId }) => clientId)).toEqual([mine.clientID]);
  });

  it("sends at most thirty times a second, the last position included", () => {
    otherMoves(1);
    for (let x = 1; x <= 500; x++) {
      mine.setLocalStateField("x", x);
      vi.advanceTimersByTime(2);
    }
    vi.advanceTimersByTime(PUBLISH_INTERVAL_MS);
    expect(sent.length).toBeGreaterThan(25);
    expect(sent.length).toBeLessThanOrEqual(31);
    expect(sent.at(-1)?.[0]?.state).toEqual({ x: 500 });
  });

  it("is quiet while alone, apart from a sign of life, and shows itself to whoever comes", () => {
    for (let x = 1; x <= 100; x++) {
      mine.setLocalStateField("x", x);
      vi.advanceTimersByTime(50);
    }
    expect(sent.length).toBe(1);
    vi.advanceTimersByTime(2 * ALONE_INTERVAL_MS);
    expect(sent.length).toBeLessThanOrEqual(3);
    mine.setLocalStateField("x", 101);
    otherMoves(1);
    expect(sent.at(-1)?.[0]?.state).toEqual({ x: 101 });
  });

  it("says goodbye at once", () => {
    otherMoves(1);
    mine.setLocalStateField("x", 1);
    mine.setLocalState(null);
    expect(sent.at(-1)).toEqual([{ clientId: mine.clientID, state: null }]);
  });
});
