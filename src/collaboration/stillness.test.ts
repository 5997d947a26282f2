import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import { STILL_AFTER_MS, watchStillness, type Stillness } from "./stillness";

describe("the stillness of cursors", () => {
  let mine: Awareness;
  let other: Awareness;
  let stillness: Stillness;
  let told: number;
  let edits: number;
  const otherSays = (state: Record<string, unknown> | null) => {
    other.setLocalState(state);
    applyAwarenessUpdate(mine, encodeAwarenessUpdate(other, [other.clientID]), "room");
  };

  beforeEach(() => {
    vi.useFakeTimers();
    [mine, other] = [new Awareness(new Y.Doc()), new Awareness(new Y.Doc())];
    told = edits = 0;
    otherSays({ cursor: 1 });
    stillness = watchStillness(
      mine,
      ({ cursor }) => [cursor, edits],
      () => told++,
    );
  });

  afterEach(() => {
    stillness.stop();
    mine.doc.destroy();
    other.doc.destroy();
    vi.useRealTimers();
  });

  it("is not told of before the caller has it", () => {
    expect(told).toBe(0);
  });

  it("begins some time after the last move, and ends with the next", () => {
    expect(stillness.isStill(other.clientID)).toBe(false);
    vi.advanceTimersByTime(STILL_AFTER_MS - 1);
    expect(stillness.isStill(other.clientID)).toBe(false);
    const before = told;
    vi.advanceTimersByTime(1);
    expect(stillness.isStill(other.clientID)).toBe(true);
    expect(told).toBe(before + 1);
    otherSays({ cursor: 2 });
    expect(stillness.isStill(other.clientID)).toBe(false);
    expect(told).toBe(before + 2);
  });

  it("is ended by what somebody does besides, when that is looked at again", () => {
    vi.advanceTimersByTime(STILL_AFTER_MS);
    stillness.lookAgain();
    expect(stillness.isStill(other.clientID)).toBe(true);
    edits += 1;
    stillness.lookAgain();
    expect(stillness.isStill(other.clientID)).toBe(false);
  });

  it("is not ended by anything else that somebody says of themselves", () => {
    vi.advanceTimersByTime(STILL_AFTER_MS);
    otherSays({ cursor: 1, attention: "idle" });
    expect(stillness.isStill(other.clientID)).toBe(true);
  });

  it("is not oneself's, nor of somebody who has gone, and leaves no timer behind", () => {
    mine.setLocalStateField("cursor", 1);
    otherSays(null);
    vi.advanceTimersByTime(STILL_AFTER_MS);
    expect([mine, other].map(({ clientID }) => stillness.isStill(clientID))).toEqual([false, false]);
    otherSays({ cursor: 1 });
    stillness.stop();
    const before = told;
    vi.advanceTimersByTime(2 * STILL_AFTER_MS);
    expect(told).toBe(before);
  });
});
