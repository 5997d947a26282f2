import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DISPOSE_AFTER_MS, LINGERING_MAX, RoomRegistry } from "./room-registry";
import type { UnsavedEdits } from "./room-status";

class Session {
  disposed = 0;
  edits: UnsavedEdits = "none";
  kept = false;
  readonly listeners = new Set<() => void>();
  dispose() {
    this.disposed++;
  }
  unsaved() {
    return this.edits;
  }
  isAtRisk() {
    return this.edits !== "none" && !this.kept;
  }
  subscribe(onChange: () => void) {
    this.listeners.add(onChange);
    return () => this.listeners.delete(onChange);
  }
  becomes(edits: UnsavedEdits) {
    this.edits = edits;
    for (const listener of this.listeners) listener();
  }
}

describe("the room registry", () => {
  let registry: RoomRegistry<Session>;
  let opened: Session[];
  const open = () => {
    const session = new Session();
    opened.push(session);
    return session;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    registry = new RoomRegistry();
    opened = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("shares one session among all holders of a key, and keeps it for the last of them", () => {
    const first = registry.hold("a", open);
    const second = registry.hold("a", open);
    expect(opened.length).toBe(1);
    first();
    vi.advanceTimersByTime(2 * DISPOSE_AFTER_MS);
    expect(registry.peek("a")).toBe(opened[0]);
    second();
    vi.advanceTimersByTime(DISPOSE_AFTER_MS);
    expect(registry.peek("a")).toBeNull();
    expect(opened[0]?.disposed).toBe(1);
  });

  it("keeps a session that is let go and taken up again at once, as StrictMode does", () => {
    registry.hold("a", open)();
    const release = registry.hold("a", open);
    vi.advanceTimersByTime(2 * DISPOSE_AFTER_MS);
    expect(opened.length).toBe(1);
    expect(opened[0]?.disposed).toBe(0);
    release();
    vi.advanceTimersByTime(DISPOSE_AFTER_MS);
    expect(registry.hold("a", open)).toBeTypeOf("function");
    expect(opened.length).toBe(2);
  });

  it("does not count a second release of the same hold", () => {
    const first = registry.hold("a", open);
    registry.hold("a", open);
    first();
    first();
    vi.advanceTimersByTime(2 * DISPOSE_AFTER_MS);
    expect(registry.peek("a")).not.toBeNull();
  });

  it("lets go of the oldest first when one leafs through many rooms", () => {
    for (let i = 0; i < 10; i++) registry.hold(`room-${i}`, open)();
    vi.advanceTimersByTime(1);
    expect(opened.filter(({ disposed }) => disposed === 0).length).toBe(LINGERING_MAX);
    expect(registry.peek("room-9")).not.toBeNull();
    expect(registry.peek("room-0")).toBeNull();
  });

  it("leaves nothing behind after a hundred opens and closes", () => {
    for (let i = 0; i < 100; i++) registry.hold(`room-${i % 7}`, open)();
    vi.advanceTimersByTime(DISPOSE_AFTER_MS);
    expect(opened.every(({ disposed, listeners }) => disposed === 1 && listeners.size === 0)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  const leaveUnsaved = (key: string, edits: UnsavedEdits = "pending"): Session => {
    const release = registry.hold(key, open);
    const session = registry.peek(key);
    if (session === null) throw new Error("held, but not there");
    session.becomes(edits);
    release();
    return session;
  };

  it("keeps a session with unsaved edits for as long as it takes, and lets go of it once they are saved", () => {
    const session = leaveUnsaved("a");
    vi.advanceTimersByTime(100 * DISPOSE_AFTER_MS);
    expect(session.disposed).toBe(0);
    registry.hold("a", open)();
    expect(registry.peek("a")).toBe(session);
    vi.advanceTimersByTime(2 * DISPOSE_AFTER_MS);
    expect(session.disposed).toBe(0);
    session.becomes("none");
    vi.advanceTimersByTime(DISPOSE_AFTER_MS);
    expect(session.disposed).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leafing through many rooms costs nobody their unsaved edits", () => {
    const unsaved = Array.from({ length: 5 }, (_, i) => leaveUnsaved(`unsaved-${i}`));
    for (let i = 0; i < 10; i++) registry.hold(`room-${i}`, open)();
    vi.advanceTimersByTime(1);
    expect(unsaved.every(({ disposed }) => disposed === 0)).toBe(true);
    expect(opened.filter(({ disposed }) => disposed === 0).length).toBe(5 + LINGERING_MAX);
  });

  it("does not keep a session that ended by itself: nothing will deliver its edits", () => {
    const session = leaveUnsaved("a", "stranded");
    expect(registry.hasUnsaved()).toBe(true);
    vi.advanceTimersByTime(DISPOSE_AFTER_MS);
    expect(session.disposed).toBe(1);
    expect(registry.hasUnsaved()).toBe(false);
  });

  it("forgets unsaved edits at once when they are given up", () => {
    const left = leaveUnsaved("left");
    const release = registry.hold("here", open);
    registry.peek("here")?.becomes("pending");
    registry.abandonUnsaved();
    expect(registry.hasUnsaved()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(left.disposed).toBe(1);
    expect(registry.peek("here")?.disposed).toBe(0);
    release();
    vi.advanceTimersByTime(1);
    expect(registry.peek("here")).toBeNull();
  });

  it("gives its holders a new session when it is renewed, and keeps none that nobody holds", () => {
    const release = registry.hold("a", open);
    registry.peek("a")?.becomes("pending");
    const seen: (Session | null)[] = [];
    registry.subscribe(() => seen.push(registry.peek("a")));
    registry.renew("a");
    expect(seen).toEqual([opened[1]]);
    vi.advanceTimersByTime(1);
    expect(opened.map(({ disposed }) => disposed)).toEqual([1, 0]);
    release();
    registry.renew("a");
    vi.advanceTimersByTime(1);
    expect(registry.peek("a")).toBeNull();
    expect(opened.map(({ disposed }) => disposed)).toEqual([1, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("has unsaved edits that are kept on the device, but nothing at risk", () => {
    const session = leaveUnsaved("a");
    expect([registry.hasUnsaved(), registry.isAtRisk()]).toEqual([true, true]);
    session.kept = true;
    expect([registry.hasUnsaved(), registry.isAtRisk()]).toEqual([true, false]);
  });

  it("tells when unsaved edits come and go", () => {
    const seen: boolean[] = [];
    registry.subscribe(() => seen.push(registry.hasUnsaved()));
    const session = leaveUnsaved("a");
    session.becomes("none");
    expect(seen).toEqual([true, false]);
  });
});
