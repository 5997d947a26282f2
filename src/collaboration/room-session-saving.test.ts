import { describe, expect, it } from "vitest";
import { CLOSE } from "../../protocol/close-codes";
import { GATHER_MS } from "./save-state";
import { eachSession, tokenOf, type SessionUnderTest } from "./session-under-test.fixture";

describe("what a room session says of edits", () => {
  let h: SessionUnderTest;
  eachSession((underTest) => {
    h = underTest;
  });

  it("says saved when the room has answered the barrier behind the last edit, and not before", async () => {
    await h.connect();
    expect(h.room.barriers).toEqual([1]);
    expect(h.session.getStatus().saved).toEqual({ kind: "unknown" });
    h.room.say({ kind: "saved", barrier: 1 });
    expect(h.session.getStatus().saved).toEqual({ kind: "saved" });
    h.textOf().insert(0, "x");
    expect(h.session.getStatus().saved).toEqual({ kind: "saving" });
    await h.pass(GATHER_MS);
    expect(h.room.barriers).toEqual([1, 2]);
    h.room.say({ kind: "notSaved", reason: "storage" });
    expect(h.session.getStatus().saved).toEqual({ kind: "not-saved", reason: "storage" });
    h.room.say({ kind: "saved", barrier: 2 });
    expect(h.session.getStatus().saved).toEqual({ kind: "saved" });
  });

  it("does not count what others wrote as something to save", async () => {
    await h.connect();
    h.room.say({ kind: "saved", barrier: 1 });
    h.room.doc.getText("t").insert(0, "theirs");
    h.room.last.end(1006);
    await h.connect();
    h.room.say({ kind: "saved", barrier: 1 });
    expect(h.textOf().toJSON()).toBe("theirs");
    expect(h.session.getStatus().saved).toEqual({ kind: "saved" });
  });

  it("connects anew when the role changes, and takes no edits until the room knows of it", async () => {
    h.room.answersBarriers = "saved";
    h.session.setRole("viewer");
    await h.connect();
    expect(h.session.getStatus()).toMatchObject({ connection: "live", admittedAs: "viewer" });
    h.session.setRole("editor");
    expect(h.session.getStatus()).toMatchObject({ connection: "reconnecting", admittedAs: null });
    await h.connect();
    expect(tokenOf(h.room.last.url)).toBe("token-2");
    expect(h.session.getStatus()).toMatchObject({ connection: "live", admittedAs: "editor" });
    h.session.setRole("editor");
    await h.pass(60_000);
    expect(h.room.sockets.length).toBe(2);
  });

  it("needs no other connection for a role that was told before it had one", async () => {
    h.room.answersBarriers = "saved";
    h.session.setRole("viewer");
    await h.connect();
    h.room.last.end(1006);
    h.session.setRole("editor");
    expect(h.session.getStatus()).toMatchObject({ connection: "reconnecting", admittedAs: "editor" });
    await h.connect();
    await h.pass(60_000);
    expect(h.room.sockets.length).toBe(2);
  });

  it("delivers an edit that the room dropped of somebody who may write with a new connection, once", async () => {
    h.session.setRole("editor");
    await h.connect();
    h.textOf().insert(0, "dropped");
    await h.pass(GATHER_MS);
    h.room.say({ kind: "notSaved", reason: "readOnly" });
    expect(h.session.getStatus()).toMatchObject({ connection: "reconnecting", admittedAs: null });
    await h.connect();
    expect(h.room.doc.getText("t").toJSON()).toBe("dropped");
    expect(h.session.getStatus().admittedAs).toBe("editor");
    h.room.answersBarriers = "readOnly";
    h.room.say({ kind: "notSaved", reason: "readOnly" });
    await h.pass(120_000);
    expect(h.room.sockets.length).toBe(2);
    expect(h.session.getStatus()).toMatchObject({ connection: "live", admittedAs: null });
  });

  it("keeps the connection of a page that nobody sees while something is unsaved", async () => {
    await h.connect();
    h.attend("hidden");
    h.textOf().insert(0, "x");
    for (let second = 0; second < 600; second++) {
      h.room.fanOut();
      await h.pass(1_000);
    }
    expect(h.session.unsaved()).toBe("pending");
    expect(h.room.last.readyState).not.toBe(3);
  });

  it("leaves it at that when a viewer's edit is dropped", async () => {
    h.session.setRole("viewer");
    await h.connect();
    h.textOf().insert(0, "not mine to write");
    await h.pass(GATHER_MS);
    h.room.answersBarriers = "readOnly";
    h.room.say({ kind: "notSaved", reason: "readOnly" });
    await h.pass(60_000);
    expect(h.room.sockets.length).toBe(1);
  });

  it("tells unsaved edits that will still arrive from those that will not", async () => {
    await h.connect();
    expect(h.session.unsaved()).toBe("none");
    h.room.last.end(1006);
    h.textOf().insert(0, "x");
    expect(h.session.unsaved()).toBe("pending");
    await h.connect();
    h.room.say({ kind: "saved", barrier: 1 });
    expect(h.session.unsaved()).toBe("none");
    h.textOf().insert(0, "y");
    h.room.last.end(CLOSE.deleted.code);
    expect(h.session.unsaved()).toBe("stranded");
  });
});
