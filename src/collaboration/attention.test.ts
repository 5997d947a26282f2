import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IDLE_AFTER_MS, watchAttention } from "./attention";
import type { Attention } from "./connection-policy";

class FakeDocument extends EventTarget {
  visibilityState: DocumentVisibilityState = "visible";
  becomes(state: DocumentVisibilityState) {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

describe("attention", () => {
  let window: EventTarget;
  let page: FakeDocument;
  let told: Attention[];
  let stop: () => void;
  const pass = (ms: number) => vi.advanceTimersByTime(ms);
  const sign = (type: string) => window.dispatchEvent(new Event(type));

  beforeEach(() => {
    vi.useFakeTimers();
    window = new EventTarget();
    page = new FakeDocument();
    vi.stubGlobal("document", page);
    vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
    vi.stubGlobal("removeEventListener", window.removeEventListener.bind(window));
    told = [];
    stop = watchAttention((attention) => told.push(attention));
  });

  afterEach(() => {
    stop();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("is there from the start, and idle after a minute without a sign", () => {
    pass(IDLE_AFTER_MS - 1);
    expect(told).toEqual(["here"]);
    pass(1);
    expect(told).toEqual(["here", "idle"]);
  });

  it.each(["pointermove", "pointerdown", "keydown", "wheel", "focus"])("is back with %s", (type) => {
    pass(IDLE_AFTER_MS);
    sign(type);
    expect(told).toEqual(["here", "idle", "here"]);
  });

  it("stays as long as there are signs, and says so once", () => {
    for (let i = 0; i < 10; i++) {
      pass(IDLE_AFTER_MS - 1);
      sign("keydown");
    }
    expect(told).toEqual(["here"]);
    pass(IDLE_AFTER_MS);
    expect(told).toEqual(["here", "idle"]);
  });

  it("is away while nobody can see the page, and here again only with a sign, if that took long", () => {
    page.becomes("hidden");
    pass(10 * IDLE_AFTER_MS);
    expect(told).toEqual(["here", "hidden"]);
    page.becomes("visible");
    sign("pointermove");
    expect(told.at(-1)).toBe("here");
  });

  it("leaves no timer behind", () => {
    stop();
    pass(10 * IDLE_AFTER_MS);
    sign("keydown");
    expect(vi.getTimerCount()).toBe(0);
    expect(told).toEqual(["here"]);
  });
});
