import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { REST_GAP_MS, REST_MS, watchLinks } from "./link-watch";

/** What the watch asks of an element: the link that it is in. */
class FakeElement {
  constructor(private readonly href: string) {}
  closest = () => this;
  getAttribute = () => this.href;
}

describe("a page whose links are watched", () => {
  let page: EventTarget;
  let opened: string[];
  let stop: () => void;
  const event = (type: string, href: string, more: object = {}) => {
    const happened = Object.assign(new Event(type), more);
    Object.defineProperty(happened, "target", { value: new FakeElement(href) });
    page.dispatchEvent(happened);
  };
  const pass = (ms: number) => vi.advanceTimersByTime(ms);

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("Element", FakeElement);
    page = new EventTarget();
    opened = [];
    stop = watchLinks(page as Document, ({ resourceId }) => opened.push(resourceId));
  });

  afterEach(() => {
    stop();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("opens a room when its link is pressed, by pointer or key", () => {
    event("pointerdown", "/d/one");
    event("keydown", "/g/two", { key: "Enter" });
    event("keydown", "/g/three", { key: "a" });
    expect(opened).toEqual(["one", "two"]);
  });

  it("opens a room on which the pointer rests, and none that it only passes", () => {
    event("pointerover", "/d/one");
    pass(REST_MS - 1);
    event("pointerover", "/d/two");
    pass(REST_MS - 1);
    event("pointerover", "/trash");
    pass(10 * REST_GAP_MS);
    expect(opened).toEqual([]);
    event("pointerover", "/d/three");
    pass(REST_MS);
    expect(opened).toEqual(["three"]);
  });

  it("opens one a second at most for a pointer that rests here and there", () => {
    for (let i = 0; i < 20; i++) {
      event("pointerover", `/d/${i}`);
      pass(REST_MS + 30);
    }
    expect(opened.length).toBeGreaterThanOrEqual(2);
    expect(opened.length).toBeLessThanOrEqual(4);
  });

  it("opens nothing twice for a rest that ends in a press, and nothing when it is over", () => {
    event("pointerover", "/d/one");
    event("pointerdown", "/d/one");
    pass(10 * REST_GAP_MS);
    expect(opened).toEqual(["one"]);
    event("pointerover", "/d/two");
    stop();
    event("pointerdown", "/d/three");
    pass(10 * REST_GAP_MS);
    expect(opened).toEqual(["one"]);
  });
});
