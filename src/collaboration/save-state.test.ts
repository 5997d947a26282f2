import { describe, expect, it } from "vitest";
import {
  ANSWER_LIMIT_MS,
  GATHER_MS,
  HEARTBEAT_MS,
  PATIENCE_MS,
  decideSave,
  initialSaveState,
  saveDeadline,
  savedOf,
  type SaveEvent,
  type SaveState,
} from "./save-state";

/** Plays events at times; remembers the barriers that were sent. */
class Page {
  state: SaveState = initialSaveState;
  now = 0;
  readonly barriers: number[] = [];
  /** Whether the room is heard, if only by what others do. */
  heard = true;
  heardAt = 0;
  silences = 0;

  happens(event: SaveEvent): this {
    const decision = decideSave(this.state, event, this.now);
    this.state = decision.state;
    if (decision.silent) this.silences++;
    if (decision.barrier !== null) this.barriers.push(decision.barrier);
    return this;
  }

  waits(ms: number): this {
    const end = this.now + ms;
    for (let due = this.next(); due !== null && due <= end; due = this.next()) {
      this.now = Math.max(this.now, due);
      this.happens({ type: "timer", heardAt: this.heard ? this.now : this.heardAt });
    }
    this.now = end;
    return this;
  }

  get says() {
    const saved = savedOf(this.state, this.now);
    return saved.kind === "not-saved" ? `not saved: ${saved.reason}` : saved.kind;
  }

  private next() {
    return saveDeadline(this.state, this.now);
  }
}

const edit: SaveEvent = { type: "edited", people: 2 };
const saved = (barrier: number): SaveEvent => ({ type: "saved", barrier });
const synced = () => new Page().happens({ type: "ready" }).happens(saved(1));

describe("the save state", () => {
  it("says nothing of saving before anything was asked or edited", () => {
    expect(new Page().says).toBe("unknown");
  });

  it("asks right after sync step 2, and says saved when that is answered", () => {
    const page = new Page().happens({ type: "ready" });
    expect(page.barriers).toEqual([1]);
    expect(page.says).toBe("unknown");
    expect(page.happens(saved(1)).says).toBe("saved");
  });

  it("asks once about a group of edits", () => {
    const page = synced()
      .happens(edit)
      .waits(GATHER_MS / 2)
      .happens(edit);
    expect(page.says).toBe("saving");
    expect(page.barriers).toEqual([1]);
    page.waits(GATHER_MS);
    expect(page.barriers).toEqual([1, 2]);
    expect(page.happens(saved(2)).says).toBe("saved");
  });

  it("asks the less often, the more people are there, and at least once a second", () => {
    const crowded = synced().happens({ type: "edited", people: 10 }).waits(499);
    expect(crowded.barriers).toEqual([1]);
    expect(crowded.waits(1).barriers).toEqual([1, 2]);
    const full = synced().happens({ type: "edited", people: 100 }).waits(1_000);
    expect(full.barriers).toEqual([1, 2]);
  });

  it("does not say saved for an edit that was made after the barrier that was answered", () => {
    const page = synced().happens(edit).waits(GATHER_MS).happens(edit).happens(saved(2));
    expect(page.says).toBe("saving");
    page.waits(GATHER_MS);
    expect(page.barriers).toEqual([1, 2, 3]);
    expect(page.happens(saved(3)).says).toBe("saved");
  });

  it("takes an answer to anything but its last barrier for none", () => {
    const page = synced().happens(edit).waits(GATHER_MS);
    expect(page.happens(saved(1)).says).toBe("saving");
    expect(page.happens(saved(7)).says).toBe("saving");
  });

  it("forgets what an old connection was asked: a new one starts unsaved", () => {
    const page = synced().happens(edit).waits(GATHER_MS).happens({ type: "closed" });
    expect(page.says).toBe("saving");
    expect(page.waits(PATIENCE_MS).says).toBe("not saved: no-connection");
    page.happens({ type: "ready" });
    expect(page.barriers).toEqual([1, 2, 1]);
    expect(page.happens(saved(1)).says).toBe("saved");
  });

  it("stays saved over a lost connection when nothing was edited", () => {
    expect(synced().happens({ type: "closed" }).waits(PATIENCE_MS).says).toBe("saved");
  });

  it("counts an edit made offline", () => {
    const page = synced().happens({ type: "closed" }).happens(edit).waits(PATIENCE_MS);
    expect(page.says).toBe("not saved: no-connection");
    expect(page.happens({ type: "ready" }).happens(saved(1)).says).toBe("saved");
  });

  it("passes the room's reason on, until the answer comes", () => {
    const page = synced().happens(edit).waits(GATHER_MS).happens({ type: "not-saved", reason: "storage" });
    expect(page.says).toBe("not saved: storage");
    expect(page.happens(saved(2)).says).toBe("saved");
  });

  it("admits it when no answer comes", () => {
    expect(synced().happens(edit).waits(PATIENCE_MS).says).toBe("not saved: no-answer");
  });

  it("keeps the connection alive when nothing happens", () => {
    const page = synced();
    for (let i = 2; i < 5; i++) page.waits(HEARTBEAT_MS).happens(saved(i));
    expect(page.barriers).toEqual([1, 2, 3, 4]);
    expect(page.says).toBe("saved");
  });

  it("takes no earlier barrier's answer for that to a later one when the room asks for sync in the middle", () => {
    const page = new Page().happens({ type: "ready" }).happens(edit).happens({ type: "ready" });
    expect(page.happens(saved(1)).says).toBe("saving");
    page.waits(GATHER_MS);
    expect(page.barriers).toEqual([1, 2]);
    expect(page.happens(saved(2)).says).toBe("saved");
  });

  it("asks often while the person is at work and the room is quiet, and seldom while they are not", () => {
    const quiet = (attentive: boolean) => {
      const page = synced().happens({ type: "attentive", attentive });
      page.heard = false;
      let asked = 0;
      for (let second = 0; second < 60; second++) {
        asked = page.waits(1_000).barriers.length;
        page.happens(saved(asked));
      }
      return asked - 1;
    };
    expect(quiet(true)).toBeGreaterThanOrEqual(12);
    expect(quiet(false)).toBeLessThanOrEqual(60_000 / HEARTBEAT_MS);
  });

  it("knows a dead line within 10 s while somebody is at work or something is unsaved, and not before", () => {
    for (const [attentive, event] of [
      [true, null],
      [false, edit],
    ] as const) {
      const page = synced().happens({ type: "attentive", attentive });
      page.heard = false;
      if (event !== null) page.happens(event);
      expect(page.waits(ANSWER_LIMIT_MS - 1).silences).toBe(0);
      expect(page.waits(10_000 - ANSWER_LIMIT_MS).silences).toBe(1);
    }
  });

  it("never takes a room for dead that says why it does not save", () => {
    const page = synced().happens(edit);
    page.heard = false;
    for (let asked = 0, second = 0; second < 120; second++) {
      page.waits(1_000);
      if (page.barriers.length === asked) continue;
      asked = page.barriers.length;
      page.heardAt = page.now;
      page.happens({ type: "not-saved", reason: "storage" });
    }
    expect(page.silences).toBe(0);
    expect(page.barriers.length).toBeGreaterThan(10);
    expect(page.barriers.length).toBeLessThan(60);
  });
});
