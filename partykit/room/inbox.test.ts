import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Inbox } from "./inbox";

interface Taken {
  at: number;
  edits: string;
}

/** An inbox of a room with so many people, that notes what it hands on, and when. */
function inboxOf(people: number): { inbox: Inbox<string>; taken: Taken[] } {
  const taken: Taken[] = [];
  const inbox = new Inbox<string>(
    (edits) => taken.push({ at: Date.now(), edits: edits.join("") }),
    () => people,
  );
  return { inbox, taken };
}

function typeInto(inbox: Inbox<string>, text: string, gapMs = 0): void {
  for (const letter of text) {
    inbox.add(letter, 20);
    vi.advanceTimersByTime(gapMs);
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("an edit in a quiet room goes on at once, however many are there", () => {
  const { inbox, taken } = inboxOf(10_000);
  typeInto(inbox, "abc", 100);
  expect(taken.map(({ edits }) => edits)).toEqual(["a", "b", "c"]);
});

test("of a few hardly any wait, of many all wait for what else is typed meanwhile", () => {
  const [pair, crowd] = [inboxOf(2), inboxOf(20)];
  for (const { inbox } of [pair, crowd]) typeInto(inbox, "abcdefghij", 2);
  vi.runAllTimers();
  expect(pair.taken).toHaveLength(10);
  // Twenty milliseconds of typing: the first at once, then what ten milliseconds bring.
  expect(crowd.taken.map(({ edits }) => edits)).toEqual(["a", "bcdef", "ghij"]);
});

test("nobody waits longer than the longest tick, however many are there", () => {
  const { inbox, taken } = inboxOf(10_000);
  typeInto(inbox, "ab");
  vi.advanceTimersByTime(33);
  expect(taken.map(({ edits }) => edits)).toEqual(["a", "b"]);
});

test("what is large does not wait, and takes along what came before it", () => {
  const { inbox, taken } = inboxOf(20);
  typeInto(inbox, "ab");
  inbox.add("c", 100_000);
  expect(taken.map(({ edits }) => edits)).toEqual(["a", "bc"]);
  vi.runAllTimers();
  expect(taken).toHaveLength(2);
});

test("what waits can be had at once, and then comes once", () => {
  const { inbox, taken } = inboxOf(20);
  typeInto(inbox, "ab");
  expect(inbox.isEmpty).toBe(false);
  inbox.flush();
  expect(inbox.isEmpty).toBe(true);
  vi.runAllTimers();
  expect(taken.map(({ edits }) => edits)).toEqual(["a", "b"]);
});
