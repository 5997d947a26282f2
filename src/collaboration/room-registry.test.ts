import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DISPOSE_AFTER_MS, LINGERING_MAX, RoomRegistry } from "./room-registry";

class Session {
  disposed = 0;
  dispose() {
    this.disposed++;
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
    expect(registry.stats().live).toBe(LINGERING_MAX);
    expect(registry.peek("room-9")).not.toBeNull();
    expect(registry.peek("room-0")).toBeNull();
  });

  it("leaves nothing behind after a hundred opens and closes", () => {
    for (let i = 0; i < 100; i++) registry.hold(`room-${i % 7}`, open)();
    vi.advanceTimersByTime(DISPOSE_AFTER_MS);
    const { live, held, opened: openedCount, disposed } = registry.stats();
    expect([live, held]).toEqual([0, 0]);
    expect(disposed).toBe(openedCount);
    expect(opened.every((session) => session.disposed === 1)).toBe(true);
  });
});
