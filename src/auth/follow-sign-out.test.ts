import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eachSession, type SessionUnderTest } from "../collaboration/session-under-test.fixture";

/** What the page's modules use of a browser. They look it up when they are loaded, so they are loaded for each test. */
class MemoryPage extends EventTarget {
  went: string[] = [];
  localStorage = {};

  /** Another tab has signed out. */
  forget() {
    const change = { storageArea: this.localStorage, key: "ripple.person", newValue: null };
    this.dispatchEvent(Object.assign(new Event("storage"), change));
  }

  /** Whether the browser asks before the page goes. */
  asksBeforeLeaving(): boolean {
    return !this.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  }
}

describe("a tab of somebody who signs out in another", () => {
  let page: MemoryPage;
  let h: SessionUnderTest;
  eachSession((underTest) => {
    h = underTest;
  });

  beforeEach(() => {
    page = new MemoryPage();
    vi.stubGlobal("window", page);
    vi.stubGlobal("localStorage", page.localStorage);
    vi.stubGlobal("location", { replace: (path: string) => page.went.push(path) });
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    vi.resetModules();
  });
  afterEach(() => vi.unstubAllGlobals());

  const writeWithoutConnection = async () => {
    const { rooms } = await import("../collaboration/rooms");
    const { followSignOut } = await import("./follow-sign-out");
    rooms.hold("u1/doc-abc", () => h.session);
    followSignOut();
    await h.connect();
    h.room.last.end(1006);
    h.textOf().insert(0, "x");
  };

  it("has the browser ask before edits go that are nowhere else", async () => {
    await writeWithoutConnection();
    page.forget();
    expect(page.went).toEqual(["/sign-in"]);
    expect(page.asksBeforeLeaving()).toBe(true);
  });

  it("leaves without a question when the edits are on this device, of which the other tab knew", async () => {
    await writeWithoutConnection();
    h.copy.keep();
    page.forget();
    expect(page.went).toEqual(["/sign-in"]);
    expect(page.asksBeforeLeaving()).toBe(false);
  });
});
