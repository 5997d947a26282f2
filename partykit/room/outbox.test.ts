import { afterEach, beforeEach, expect, test, vi } from "vitest";
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

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("what one wrote goes to the others, what several wrote to all of them", () => {
  const { outbox, sent } = roomOf(20);
  const update = new Uint8Array([0, 0]);
  outbox.edit(update, "ada");
  outbox.edit(update, null);
  expect(sent).toMatchObject([
    { at: 0, kind: "edit", except: "ada" },
    { at: 0, kind: "edit", except: null },
  ]);
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
  outbox.awareness([1], "ada");
  outbox.awareness([1], "ada");
  outbox.clear();
  vi.runAllTimers();
  expect(sent).toHaveLength(1);
});
