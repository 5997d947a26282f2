import { describe, expect, it, vi } from "vitest";
import { CLOSE } from "../../protocol/close-codes";
import { REST_AFTER_MS, WAIT_MAX_MS } from "./connection-policy";
import { MemoryRoom } from "./memory-room.fixture";
import { eachSession, tokenOf, type SessionUnderTest } from "./session-under-test.fixture";

describe("a room session", () => {
  let h: SessionUnderTest;
  eachSession((underTest) => {
    h = underTest;
  });

  it("is live once it has the room's content, and not before", async () => {
    h.room.doc.getText("t").insert(0, "hello");
    await h.pass(1);
    expect(h.session.getStatus()).toMatchObject({ connection: "connecting", contentKnown: false });
    await h.connect();
    expect(h.session.getStatus()).toMatchObject({ connection: "live", contentKnown: true });
    expect(h.textOf().toJSON()).toBe("hello");
  });

  it("brings a new token to every connection", async () => {
    await h.connect();
    h.room.last.end(1006);
    await h.connect();
    h.room.last.end(1006);
    await h.connect();
    expect(h.room.sockets.map(({ url }) => tokenOf(url))).toEqual(["token-1", "token-2", "token-3"]);
  });

  it("keeps what is written without a connection and delivers it with the next", async () => {
    await h.connect();
    h.room.last.end(1006);
    expect(h.session.getStatus().connection).toBe("reconnecting");
    h.textOf().insert(0, "offline");
    h.room.doc.getText("t").insert(0, "meanwhile ");
    await h.connect();
    expect(h.room.doc.getText("t").toJSON()).toBe(h.textOf().toJSON());
    expect(h.textOf().toJSON()).toContain("offline");
    expect(h.textOf().toJSON()).toContain("meanwhile ");
  });

  it("takes a refused upgrade for a reason to wait, never for an end", async () => {
    for (let i = 0; i < 6; i++) {
      await h.pass(WAIT_MAX_MS);
      h.room.last.end(1006);
    }
    expect(h.session.getStatus().connection).toBe("connecting");
    await h.connect();
    expect(h.session.getStatus().connection).toBe("live");
  });

  it("does not spin when the room accepts and closes at once", async () => {
    for (let i = 0; i < 600; i++) {
      await h.pass(100);
      if (h.room.last.readyState === 0) {
        h.room.last.open();
        h.room.last.end(CLOSE.loadFailed.code);
      }
    }
    expect(h.room.sockets.length).toBeLessThan(12);
  });

  it.each([
    ["room-full", CLOSE.roomFull.code],
    ["load-failed", CLOSE.loadFailed.code],
  ] as const)("says %s while the room closes with %d, and no longer once it is in", async (trouble, code) => {
    await h.connect();
    h.room.last.end(code);
    expect(h.session.getStatus()).toMatchObject({ connection: "reconnecting", trouble });
    await h.connect();
    expect(h.session.getStatus()).toMatchObject({ connection: "live", trouble: null });
  });

  it("says so when nobody has answered several times in a row", async () => {
    for (let i = 0; i < 3; i++) {
      expect(h.session.getStatus().trouble).toBeNull();
      await h.knocked();
      h.room.last.end(1006);
    }
    expect(h.session.getStatus().trouble).toBe("no-answer");
  });

  it("ends, without a socket, when Convex says no; tries again when asked", async () => {
    h.session.dispose();
    h.answer = () => ({ kind: "refused", code: "forbidden" });
    h.room = new MemoryRoom();
    h.session = h.open();
    await h.pass(120_000);
    expect(h.session.getStatus().connection).toBe("no-access");
    expect(h.room.sockets).toEqual([]);
    h.answer = () => ({ kind: "token", token: "granted" });
    h.session.retry();
    await h.connect();
    expect(h.session.getStatus().connection).toBe("live");
  });

  it("ends when the room says that the document is gone", async () => {
    await h.connect();
    h.room.last.end(CLOSE.deleted.code);
    await h.pass(120_000);
    expect(h.session.getStatus().connection).toBe("gone");
    expect(h.room.sockets.length).toBe(1);
  });

  it("waits while Convex is out of reach, and is quick when the network is back", async () => {
    await h.connect();
    h.answer = () => ({ kind: "unavailable" });
    h.room.last.end(1006);
    await h.pass(300_000);
    expect(h.session.getStatus().connection).toBe("reconnecting");
    const [sockets, calls] = [h.room.sockets.length, h.asked];
    expect(calls).toBeLessThan(40);
    h.answer = () => ({ kind: "token", token: "back" });
    h.wake();
    await h.pass(1_100);
    expect(h.room.sockets.length).toBe(sockets + 1);
  });

  it("announces itself and nobody else, with a higher clock at every connection", async () => {
    await h.connect();
    h.room.introduce({ clientId: 7, clock: 1, state: { user: { userId: "u7" } } });
    expect(h.session.awareness.getStates().size).toBe(2);
    await h.pass(1_000);
    h.room.last.end(1006);
    await h.connect();
    const entries = h.room.awareness.filter(({ state }) => state !== null);
    expect(new Set(entries.map(({ clientId }) => clientId))).toEqual(new Set([h.session.doc.clientID]));
    expect(entries.every(({ state }) => state?.user !== undefined)).toBe(true);
    const clocks = entries.map(({ clock }) => clock);
    expect(clocks.length).toBeGreaterThanOrEqual(2);
    expect(clocks.every((clock, i) => i === 0 || clock > (clocks[i - 1] ?? 0))).toBe(true);
  });

  it("finds within 10 s that a line is dead, and comes back without being told", async () => {
    await h.connect();
    h.room.say({ kind: "saved", barrier: 1 });
    h.room.answersBarriers = "saved";
    await h.pass(15_000);
    h.room.answersBarriers = false;
    const dead = h.room.last;
    await h.pass(10_000);
    expect(h.room.sockets.length).toBe(2);
    expect(dead.readyState).toBe(3);
    h.room.accept();
    await h.pass(1);
    expect(h.session.getStatus().connection).toBe("live");
  });

  it("does not take a line for dead on which the room is heard", async () => {
    await h.connect();
    for (let second = 0; second < 60; second++) {
      h.room.doc.getText("t").insert(0, ".");
      h.room.fanOut();
      await h.pass(1_000);
    }
    expect(h.room.sockets.length).toBe(1);
  });

  it("gives its connection up when nobody has seen the page for long, and takes it back when somebody does", async () => {
    h.room.answersBarriers = "saved";
    await h.connect();
    h.attend("hidden");
    await h.pass(REST_AFTER_MS + 1_000);
    expect(h.room.last.readyState).toBe(3);
    await h.pass(10 * REST_AFTER_MS);
    expect(h.room.sockets.length).toBe(1);
    h.attend("here");
    await h.pass(1_100);
    h.room.accept();
    await h.pass(1);
    expect(h.session.getStatus().connection).toBe("live");
  });

  it("says goodbye and leaves nothing that ticks, listens or is open", async () => {
    await h.connect();
    const socket = h.room.last;
    h.textOf().insert(0, "x");
    h.session.dispose();
    expect(h.room.awareness.at(-1)).toMatchObject({ clientId: h.session.doc.clientID, state: null });
    expect(socket.readyState).toBe(3);
    expect(h.session.doc.isDestroyed).toBe(true);
    await h.pass(1_000);
    expect(vi.getTimerCount()).toBe(0);
    await h.pass(120_000);
    expect(h.room.sockets.length).toBe(1);
  });

  it("says in its awareness whether the person is at work, on every connection", async () => {
    await h.connect();
    h.attend("idle");
    expect(h.session.awareness.getLocalState()).toMatchObject({ attention: "idle", user: { userId: "u1" } });
    h.room.last.end(1006);
    await h.connect();
    expect(h.room.awareness.at(-1)?.state).toMatchObject({ attention: "idle" });
  });

  it("counts for a bug report how it has fared", async () => {
    expect(h.session.figures()).toEqual({ roundTripMs: null, reconnects: 0, failures: 0 });
    await h.knocked();
    h.room.last.end(1006);
    await h.connect();
    await h.pass(20);
    h.room.say({ kind: "saved", barrier: 1 });
    h.room.last.end(CLOSE.roomFull.code);
    await h.connect();
    expect(h.session.figures()).toEqual({ roundTripMs: 21, reconnects: 1, failures: 2 });
  });
});
