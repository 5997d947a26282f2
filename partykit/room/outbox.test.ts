import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { Outbox } from "./outbox";

type Person = "ada" | "bert";

interface Sent {
  at: number;
  kind: "edit" | "awareness";
  except: Person | null;
  bytes: number;
}

/** A room of so many readers, that notes what it is asked to send, and when. */
function roomOf(readers: number): { outbox: Outbox<Person>; sent: Sent[] } {
  const sent: Sent[] = [];
  const outbox = new Outbox<Person>({
    broadcast(frame, kind, except) {
      sent.push({ at: Date.now(), kind, except, bytes: frame.byteLength });
      return readers;
    },
    encodeAwareness: (clientIds) => new Uint8Array([...clientIds].length * 100),
  });
  return { outbox, sent };
}

function updatesOf(text: string): Uint8Array[] {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  for (const letter of text) doc.getText("text").insert(0, letter);
  return updates;
}

function typeInto(outbox: Outbox<Person>, text: string, author: Person, gapMs = 0): void {
  for (const update of updatesOf(text)) {
    outbox.edit(update, author);
    vi.advanceTimersByTime(gapMs);
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("an edit in a quiet room leaves at once, and not to its author", () => {
  const { outbox, sent } = roomOf(20);
  typeInto(outbox, "a", "ada");
  expect(sent).toMatchObject([{ at: 0, kind: "edit", except: "ada" }]);
});

test("a few readers hardly wait, many wait for what else is typed meanwhile", () => {
  const [pair, crowd] = [roomOf(2), roomOf(20)];
  for (const { outbox } of [pair, crowd]) typeInto(outbox, "abcdefghij", "ada", 2);
  vi.runAllTimers();
  expect(pair.sent).toHaveLength(10);
  // Twenty milliseconds of typing: the first at once, then one for each ten.
  expect(crowd.sent.length).toBeLessThanOrEqual(3);
});

test("nobody waits longer than the longest tick, however many read", () => {
  const { outbox, sent } = roomOf(10_000);
  typeInto(outbox, "ab", "ada");
  vi.advanceTimersByTime(33);
  expect(sent).toHaveLength(2);
});

test("what several wrote goes to all of them, what one wrote to the others", () => {
  const { outbox, sent } = roomOf(20);
  typeInto(outbox, "a", "ada");
  typeInto(outbox, "bc", "ada");
  vi.runAllTimers();
  typeInto(outbox, "d", "ada");
  typeInto(outbox, "e", "bert");
  vi.runAllTimers();
  expect(sent.map(({ except }) => except)).toEqual(["ada", "ada", null]);
});

test("the cursors' tick grows with what they cost", () => {
  const { outbox, sent } = roomOf(200);
  const everybody = Array.from({ length: 200 }, (_, i) => i);
  outbox.awareness(everybody, "ada");
  outbox.awareness(everybody, "ada");
  vi.advanceTimersByTime(33);
  expect(sent).toHaveLength(1);
  vi.runAllTimers();
  expect(sent).toHaveLength(2);
  // 200 states of 100 bytes to 200 readers are 4 MB.
  expect(sent[1]?.at).toBeGreaterThan(100);
});

test("nothing is sent when nobody is left", () => {
  const { outbox, sent } = roomOf(20);
  typeInto(outbox, "ab", "ada");
  outbox.clear();
  vi.runAllTimers();
  expect(sent).toHaveLength(1);
});
