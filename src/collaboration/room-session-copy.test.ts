import * as Y from "yjs";
import { describe, expect, it } from "vitest";
import { MemoryCopy } from "./memory-copy.fixture";
import { MemoryRoom } from "./memory-room.fixture";
import { LOAD_LIMIT_MS } from "./room-session";
import { GATHER_MS } from "./save-state";
import { eachSession, type SessionUnderTest } from "./session-under-test.fixture";

describe("a room session with a copy on this device", () => {
  let h: SessionUnderTest;
  eachSession((underTest) => {
    h = underTest;
  });

  const stored = (write: (doc: Y.Doc) => void): Uint8Array => {
    const doc = new Y.Doc();
    write(doc);
    return Y.encodeStateAsUpdate(doc);
  };
  const reopen = async (kept: MemoryCopy) => {
    h.session.dispose();
    h.copy = kept;
    h.room = new MemoryRoom();
    h.session = h.open();
    await h.pass(1);
  };
  const hello = stored((doc) => doc.getText("t").insert(0, "hello"));

  it("shows known content before there is a connection, and lets it be edited", async () => {
    await reopen(new MemoryCopy({ content: hello, known: true }));
    h.session.setRole("editor");
    expect(h.session.getStatus()).toMatchObject({
      connection: "connecting",
      contentKnown: true,
      admittedAs: "editor",
    });
    expect(h.textOf().toJSON()).toBe("hello");
    expect(h.session.unsaved()).toBe("none");
  });

  it("takes content that was never complete for unknown", async () => {
    await reopen(new MemoryCopy({ content: hello, known: false }));
    expect(h.session.getStatus().contentKnown).toBe(false);
    await h.connect();
    expect(h.session.getStatus().contentKnown).toBe(true);
    expect(h.copy.known).toBe(true);
  });

  it("does not connect before the copy is there, and then sends no more than the room lacks", async () => {
    h.session.dispose();
    const long = stored((doc) => doc.getText("t").insert(0, "hello ".repeat(10_000)));
    h.copy = new MemoryCopy({ content: long, known: true, afterMs: 2_000 });
    h.room = new MemoryRoom();
    Y.applyUpdate(h.room.doc, long);
    h.session = h.open();
    await h.pass(1_900);
    expect(h.room.sockets).toEqual([]);
    await h.connect();
    expect(h.textOf().length).toBe(60_000);
    expect(h.room.bytesIn).toBeLessThan(200);
    expect(h.room.updates).toEqual([]);
  });

  it("waits for a copy that takes long no longer than it must, and delivers what it holds all the same", async () => {
    h.session.dispose();
    const left = stored((doc) => doc.getText("t").insert(0, "left behind"));
    h.copy = new MemoryCopy({ content: left, known: true, unsynced: true, afterMs: 4 * LOAD_LIMIT_MS });
    h.room = new MemoryRoom();
    h.room.doc.getMap("m").set("k", 1);
    h.room.answersBarriers = "saved";
    h.session = h.open();
    await h.connect();
    expect(h.session.getStatus()).toMatchObject({ connection: "live", saved: { kind: "saved" } });
    while (h.textOf().length === 0) await h.pass(GATHER_MS / 10);
    h.room.answersBarriers = false;
    await h.pass(GATHER_MS);
    expect(h.textOf().toJSON()).toBe("left behind");
    expect(h.room.doc.getText("t").toJSON()).toBe("left behind");
    expect(h.session.unsaved()).toBe("pending");
    expect(h.copy.synced).toBe(false);
    h.room.say({ kind: "saved", barrier: h.room.barriers.at(-1) ?? 0 });
    expect(h.session.unsaved()).toBe("none");
    expect(h.copy.synced).toBe(true);
  });

  it("keeps nobody waiting for a copy when it goes before that is read", async () => {
    h.session.dispose();
    h.copy = new MemoryCopy({ content: hello, known: true, afterMs: 2 * LOAD_LIMIT_MS });
    h.session = h.open();
    let isOver = false;
    void h.session.loaded.then(() => (isOver = true));
    await h.pass(1);
    expect(isOver).toBe(false);
    h.session.dispose();
    await h.pass(1);
    expect(isOver).toBe(true);
  });

  it("counts what an earlier visit left unsaved as unsaved until the room has it", async () => {
    await reopen(new MemoryCopy({ content: hello, known: true, unsynced: true }));
    expect(h.session.unsaved()).toBe("pending");
    await h.connect();
    expect(h.room.doc.getText("t").toJSON()).toBe("hello");
    expect(h.copy.synced).toBe(false);
    h.room.say({ kind: "saved", barrier: 1 });
    expect(h.session.unsaved()).toBe("none");
    expect(h.copy.synced).toBe(true);
  });

  it("never tells the copy that an edit is saved before the room has said so", async () => {
    await h.connect();
    h.room.say({ kind: "saved", barrier: 1 });
    expect(h.copy.synced).toBe(true);
    h.textOf().insert(0, "x");
    expect(h.copy.synced).toBe(false);
    await h.pass(GATHER_MS);
    expect(h.copy.synced).toBe(false);
    h.room.say({ kind: "saved", barrier: 2 });
    expect(h.copy.synced).toBe(true);
  });

  it("has edits at risk only until the copy has them", async () => {
    await h.connect();
    h.room.last.end(1006);
    h.textOf().insert(0, "x");
    expect(h.session.isAtRisk()).toBe(true);
    h.copy.keep();
    expect(h.session.isAtRisk()).toBe(false);
    expect(h.session.unsaved()).toBe("pending");
    h.copy.fail();
    expect(h.session.isAtRisk()).toBe(true);
  });
});
