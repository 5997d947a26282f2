import * as Y from "yjs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CLOSE } from "../../protocol/close-codes";
import type { TokenAnswer } from "./connection-policy";
import { REST_AFTER_MS, WAIT_MAX_MS, type Attention } from "./connection-policy";
import { MemoryCopy } from "./memory-copy.fixture";
import { MemoryRoom } from "./memory-room.fixture";
import { openRoomSession, type RoomSession } from "./room-session";
import { GATHER_MS } from "./save-state";

const me = { userId: "u1", name: "Ada", color: "#c2255c" };

describe("a room session", () => {
  let room: MemoryRoom;
  let session: RoomSession;
  let wake: () => void;
  let attend: (attention: Attention) => void;
  let copy: MemoryCopy;
  let asked: number;
  let answer: (attempt: number) => TokenAnswer;

  const open = () =>
    openRoomSession({
      roomId: "doc-abc",
      host: "127.0.0.1:1",
      me,
      requestToken: () => Promise.resolve(answer(++asked)),
      onWake: (callback) => {
        wake = callback;
        return () => undefined;
      },
      onAttention: (tell) => {
        attend = tell;
        return () => undefined;
      },
      openCopy: (options) => {
        copy.open(options);
        return copy;
      },
      tabChannel: null,
      WebSocket: room.WebSocket,
    });

  beforeEach(() => {
    vi.useFakeTimers();
    room = new MemoryRoom();
    copy = new MemoryCopy();
    asked = 0;
    answer = (attempt) => ({ kind: "token", token: `token-${attempt}` });
    session = open();
  });

  afterEach(() => {
    if (!session.doc.isDestroyed) session.dispose();
    vi.useRealTimers();
  });

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const knocked = async () => {
    const knocks = () => room.sockets.at(-1)?.readyState === 0;
    for (let waited = 0; !knocks() && waited < 2 * WAIT_MAX_MS; waited += 100) await pass(100);
  };
  const connect = async () => {
    await knocked();
    room.accept();
    await pass(1);
  };
  const tokenOf = (url: string) => new URL(url).searchParams.get("token");
  const textOf = () => session.doc.getText("t");

  it("is live once it has the room's content, and not before", async () => {
    room.doc.getText("t").insert(0, "hello");
    await pass(1);
    expect(session.getStatus()).toMatchObject({ connection: "connecting", contentKnown: false });
    await connect();
    expect(session.getStatus()).toMatchObject({ connection: "live", contentKnown: true });
    expect(textOf().toJSON()).toBe("hello");
  });

  it("brings a new token to every connection", async () => {
    await connect();
    room.last.end(1006);
    await connect();
    room.last.end(1006);
    await connect();
    expect(room.sockets.map(({ url }) => tokenOf(url))).toEqual(["token-1", "token-2", "token-3"]);
  });

  it("keeps what is written without a connection and delivers it with the next", async () => {
    await connect();
    room.last.end(1006);
    expect(session.getStatus().connection).toBe("reconnecting");
    textOf().insert(0, "offline");
    room.doc.getText("t").insert(0, "meanwhile ");
    await connect();
    expect(room.doc.getText("t").toJSON()).toBe(textOf().toJSON());
    expect(textOf().toJSON()).toContain("offline");
    expect(textOf().toJSON()).toContain("meanwhile ");
  });

  it("takes a refused upgrade for a reason to wait, never for an end", async () => {
    for (let i = 0; i < 6; i++) {
      await pass(WAIT_MAX_MS);
      room.last.end(1006);
    }
    expect(session.getStatus().connection).toBe("connecting");
    await connect();
    expect(session.getStatus().connection).toBe("live");
  });

  it("does not spin when the room accepts and closes at once", async () => {
    for (let i = 0; i < 600; i++) {
      await pass(100);
      if (room.last.readyState === 0) {
        room.last.open();
        room.last.end(CLOSE.loadFailed.code);
      }
    }
    expect(room.sockets.length).toBeLessThan(12);
  });

  it.each([
    ["room-full", CLOSE.roomFull.code],
    ["load-failed", CLOSE.loadFailed.code],
  ] as const)("says %s while the room closes with %d, and no longer once it is in", async (trouble, code) => {
    await connect();
    room.last.end(code);
    expect(session.getStatus()).toMatchObject({ connection: "reconnecting", trouble });
    await connect();
    expect(session.getStatus()).toMatchObject({ connection: "live", trouble: null });
  });

  it("says so when nobody has answered several times in a row", async () => {
    for (let i = 0; i < 3; i++) {
      expect(session.getStatus().trouble).toBeNull();
      await knocked();
      room.last.end(1006);
    }
    expect(session.getStatus().trouble).toBe("no-answer");
  });

  it("ends, without a socket, when Convex says no; tries again when asked", async () => {
    session.dispose();
    answer = () => ({ kind: "refused", code: "forbidden" });
    room = new MemoryRoom();
    session = open();
    await pass(120_000);
    expect(session.getStatus().connection).toBe("no-access");
    expect(room.sockets).toEqual([]);
    answer = () => ({ kind: "token", token: "granted" });
    session.retry();
    await connect();
    expect(session.getStatus().connection).toBe("live");
  });

  it("ends when the room says that the document is gone", async () => {
    await connect();
    room.last.end(CLOSE.deleted.code);
    await pass(120_000);
    expect(session.getStatus().connection).toBe("gone");
    expect(room.sockets.length).toBe(1);
  });

  it("waits while Convex is out of reach, and is quick when the network is back", async () => {
    await connect();
    answer = () => ({ kind: "unavailable" });
    room.last.end(1006);
    await pass(300_000);
    expect(session.getStatus().connection).toBe("reconnecting");
    const [sockets, calls] = [room.sockets.length, asked];
    expect(calls).toBeLessThan(40);
    answer = () => ({ kind: "token", token: "back" });
    wake();
    await pass(1_100);
    expect(room.sockets.length).toBe(sockets + 1);
  });

  it("announces itself and nobody else, with a higher clock at every connection", async () => {
    await connect();
    room.introduce({ clientId: 7, clock: 1, state: { user: { userId: "u7" } } });
    expect(session.awareness.getStates().size).toBe(2);
    await pass(1_000);
    room.last.end(1006);
    await connect();
    const entries = room.awareness.filter(({ state }) => state !== null);
    expect(new Set(entries.map(({ clientId }) => clientId))).toEqual(new Set([session.doc.clientID]));
    expect(entries.every(({ state }) => state?.user !== undefined)).toBe(true);
    const clocks = entries.map(({ clock }) => clock);
    expect(clocks.length).toBeGreaterThanOrEqual(2);
    expect(clocks.every((clock, i) => i === 0 || clock > (clocks[i - 1] ?? 0))).toBe(true);
  });

  it("says saved when the room has answered the barrier behind the last edit, and not before", async () => {
    await connect();
    expect(room.barriers).toEqual([1]);
    expect(session.getStatus().saved).toEqual({ kind: "unknown" });
    room.say({ kind: "saved", barrier: 1 });
    expect(session.getStatus().saved).toEqual({ kind: "saved" });
    textOf().insert(0, "x");
    expect(session.getStatus().saved).toEqual({ kind: "saving" });
    await pass(GATHER_MS);
    expect(room.barriers).toEqual([1, 2]);
    room.say({ kind: "notSaved", reason: "storage" });
    expect(session.getStatus().saved).toEqual({ kind: "not-saved", reason: "storage" });
    room.say({ kind: "saved", barrier: 2 });
    expect(session.getStatus().saved).toEqual({ kind: "saved" });
  });

  it("does not count what others wrote as something to save", async () => {
    await connect();
    room.say({ kind: "saved", barrier: 1 });
    room.doc.getText("t").insert(0, "theirs");
    room.last.end(1006);
    await connect();
    room.say({ kind: "saved", barrier: 1 });
    expect(textOf().toJSON()).toBe("theirs");
    expect(session.getStatus().saved).toEqual({ kind: "saved" });
  });

  it("connects anew when the role changes, and takes no edits until the room knows of it", async () => {
    room.answersBarriers = "saved";
    session.setRole("viewer");
    await connect();
    expect(session.getStatus()).toMatchObject({ connection: "live", admittedAs: "viewer" });
    session.setRole("editor");
    expect(session.getStatus()).toMatchObject({ connection: "reconnecting", admittedAs: null });
    await connect();
    expect(tokenOf(room.last.url)).toBe("token-2");
    expect(session.getStatus()).toMatchObject({ connection: "live", admittedAs: "editor" });
    session.setRole("editor");
    await pass(60_000);
    expect(room.sockets.length).toBe(2);
  });

  it("needs no other connection for a role that was told before it had one", async () => {
    room.answersBarriers = "saved";
    session.setRole("viewer");
    await connect();
    room.last.end(1006);
    session.setRole("editor");
    expect(session.getStatus()).toMatchObject({ connection: "reconnecting", admittedAs: "editor" });
    await connect();
    await pass(60_000);
    expect(room.sockets.length).toBe(2);
  });

  it("delivers an edit that the room dropped of somebody who may write with a new connection, once", async () => {
    session.setRole("editor");
    await connect();
    textOf().insert(0, "dropped");
    await pass(GATHER_MS);
    room.say({ kind: "notSaved", reason: "readOnly" });
    expect(session.getStatus()).toMatchObject({ connection: "reconnecting", admittedAs: null });
    await connect();
    expect(room.doc.getText("t").toJSON()).toBe("dropped");
    expect(session.getStatus().admittedAs).toBe("editor");
    room.answersBarriers = "readOnly";
    room.say({ kind: "notSaved", reason: "readOnly" });
    await pass(120_000);
    expect(room.sockets.length).toBe(2);
    expect(session.getStatus()).toMatchObject({ connection: "live", admittedAs: null });
  });

  it("finds within 10 s that a line is dead, and comes back without being told", async () => {
    await connect();
    room.say({ kind: "saved", barrier: 1 });
    room.answersBarriers = "saved";
    await pass(15_000);
    room.answersBarriers = false;
    const dead = room.last;
    await pass(10_000);
    expect(room.sockets.length).toBe(2);
    expect(dead.readyState).toBe(3);
    room.accept();
    await pass(1);
    expect(session.getStatus().connection).toBe("live");
  });

  it("does not take a line for dead on which the room is heard", async () => {
    await connect();
    for (let second = 0; second < 60; second++) {
      room.doc.getText("t").insert(0, ".");
      room.fanOut();
      await pass(1_000);
    }
    expect(room.sockets.length).toBe(1);
  });

  it("gives its connection up when nobody has seen the page for long, and takes it back when somebody does", async () => {
    room.answersBarriers = "saved";
    await connect();
    attend("hidden");
    await pass(REST_AFTER_MS + 1_000);
    expect(room.last.readyState).toBe(3);
    await pass(10 * REST_AFTER_MS);
    expect(room.sockets.length).toBe(1);
    attend("here");
    await pass(1_100);
    room.accept();
    await pass(1);
    expect(session.getStatus().connection).toBe("live");
  });

  it("keeps the connection of a page that nobody sees while something is unsaved", async () => {
    await connect();
    attend("hidden");
    textOf().insert(0, "x");
    for (let second = 0; second < 600; second++) {
      room.fanOut();
      await pass(1_000);
    }
    expect(session.unsaved()).toBe("pending");
    expect(room.last.readyState).not.toBe(3);
  });

  it("leaves it at that when a viewer's edit is dropped", async () => {
    session.setRole("viewer");
    await connect();
    textOf().insert(0, "not mine to write");
    await pass(GATHER_MS);
    room.answersBarriers = "readOnly";
    room.say({ kind: "notSaved", reason: "readOnly" });
    await pass(60_000);
    expect(room.sockets.length).toBe(1);
  });

  it("tells unsaved edits that will still arrive from those that will not", async () => {
    await connect();
    expect(session.unsaved()).toBe("none");
    room.last.end(1006);
    textOf().insert(0, "x");
    expect(session.unsaved()).toBe("pending");
    await connect();
    room.say({ kind: "saved", barrier: 1 });
    expect(session.unsaved()).toBe("none");
    textOf().insert(0, "y");
    room.last.end(CLOSE.deleted.code);
    expect(session.unsaved()).toBe("stranded");
  });

  describe("with a copy on this device", () => {
    const stored = (write: (doc: Y.Doc) => void): Uint8Array => {
      const doc = new Y.Doc();
      write(doc);
      return Y.encodeStateAsUpdate(doc);
    };
    const reopen = async (kept: MemoryCopy) => {
      session.dispose();
      copy = kept;
      room = new MemoryRoom();
      session = open();
      await pass(1);
    };
    const hello = stored((doc) => doc.getText("t").insert(0, "hello"));

    it("shows known content before there is a connection, and lets it be edited", async () => {
      await reopen(new MemoryCopy({ content: hello, known: true }));
      session.setRole("editor");
      expect(session.getStatus()).toMatchObject({
        connection: "connecting",
        contentKnown: true,
        admittedAs: "editor",
      });
      expect(textOf().toJSON()).toBe("hello");
      expect(session.unsaved()).toBe("none");
    });

    it("takes content that was never complete for unknown", async () => {
      await reopen(new MemoryCopy({ content: hello, known: false }));
      expect(session.getStatus().contentKnown).toBe(false);
      await connect();
      expect(session.getStatus().contentKnown).toBe(true);
      expect(copy.known).toBe(true);
    });

    it("does not connect before the copy is there, and then sends no more than the room lacks", async () => {
      session.dispose();
      const long = stored((doc) => doc.getText("t").insert(0, "hello ".repeat(10_000)));
      copy = new MemoryCopy({ content: long, known: true, afterMs: 2_000 });
      room = new MemoryRoom();
      Y.applyUpdate(room.doc, long);
      session = open();
      await pass(1_900);
      expect(room.sockets).toEqual([]);
      await connect();
      expect(textOf().length).toBe(60_000);
      expect(room.bytesIn).toBeLessThan(200);
      expect(room.updates).toEqual([]);
    });

    it("counts what an earlier visit left unsaved as unsaved until the room has it", async () => {
      await reopen(new MemoryCopy({ content: hello, known: true, unsynced: true }));
      expect(session.unsaved()).toBe("pending");
      await connect();
      expect(room.doc.getText("t").toJSON()).toBe("hello");
      expect(copy.synced).toBe(false);
      room.say({ kind: "saved", barrier: 1 });
      expect(session.unsaved()).toBe("none");
      expect(copy.synced).toBe(true);
    });

    it("never tells the copy that an edit is saved before the room has said so", async () => {
      await connect();
      room.say({ kind: "saved", barrier: 1 });
      expect(copy.synced).toBe(true);
      textOf().insert(0, "x");
      expect(copy.synced).toBe(false);
      await pass(GATHER_MS);
      expect(copy.synced).toBe(false);
      room.say({ kind: "saved", barrier: 2 });
      expect(copy.synced).toBe(true);
    });

    it("has edits at risk only until the copy has them", async () => {
      await connect();
      room.last.end(1006);
      textOf().insert(0, "x");
      expect(session.isAtRisk()).toBe(true);
      copy.keep();
      expect(session.isAtRisk()).toBe(false);
      expect(session.unsaved()).toBe("pending");
      copy.fail();
      expect(session.isAtRisk()).toBe(true);
    });
  });

  it("says goodbye and leaves nothing that ticks, listens or is open", async () => {
    await connect();
    const socket = room.last;
    textOf().insert(0, "x");
    session.dispose();
    expect(room.awareness.at(-1)).toMatchObject({ clientId: session.doc.clientID, state: null });
    expect(socket.readyState).toBe(3);
    expect(session.doc.isDestroyed).toBe(true);
    await pass(1_000);
    expect(vi.getTimerCount()).toBe(0);
    await pass(120_000);
    expect(room.sockets.length).toBe(1);
  });
});
