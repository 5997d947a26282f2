import { describe, expect, it } from "vitest";
import type { Connection, RoomStatus } from "./room-status";
import { UNCONNECTED, unsavedOf } from "./room-status";
import type { Saved } from "./save-state";
import { statusText } from "./status-text";

const CONNECTIONS: Connection[] = [
  "connecting",
  "live",
  "reconnecting",
  "no-access",
  "signed-out",
  "gone",
  "too-large",
  "rejected",
];
const SAVED: Saved[] = [
  { kind: "unknown" },
  { kind: "saving" },
  { kind: "saved" },
  { kind: "not-saved", reason: "storage" },
  { kind: "not-saved", reason: "unresolved" },
  { kind: "not-saved", reason: "readOnly" },
  { kind: "not-saved", reason: "no-connection" },
  { kind: "not-saved", reason: "no-answer" },
];
const every: [RoomStatus, boolean, boolean][] = CONNECTIONS.flatMap((connection) =>
  SAVED.flatMap((saved) =>
    [true, false].flatMap((editable) =>
      [true, false].map((online): [RoomStatus, boolean, boolean] => [
        { ...UNCONNECTED, connection, saved },
        editable,
        online,
      ]),
    ),
  ),
);

describe("the status line", () => {
  it("says Saved only while live, to somebody who can edit, when the room has said so", () => {
    for (const [status, editable, online] of every) {
      const { label, saved } = statusText(status, editable, online, "document");
      const claims = /\bsaved\b/i.test(`${label} ${saved}`.replace("Not saved yet", ""));
      const true_ = status.connection === "live" && status.saved.kind === "saved" && editable;
      expect(claims, JSON.stringify([status, editable, online])).toBe(true_);
    }
  });

  it("always has a sentence that explains it", () => {
    for (const [status, editable, online] of every) {
      expect(statusText(status, editable, online, "diagram").detail).toMatch(/^[A-Z].+\.$/);
    }
  });

  it("tells whoever's edits were dropped, whatever their role, and offers them to copy", () => {
    const dropped: Saved = { kind: "not-saved", reason: "readOnly" };
    for (const editable of [true, false]) {
      const status: RoomStatus = { ...UNCONNECTED, connection: "live", saved: dropped };
      const text = statusText(status, editable, true, "document");
      expect(text).toMatchObject({ label: "Read only", saved: "Not accepted", tone: "bad", rescue: true });
      expect(text.detail).toMatch(/not accepted.*Copy what you need/);
    }
  });

  it("never hides unsaved edits behind a role that may no longer edit", () => {
    for (const [status, , online] of every) {
      if (unsavedOf(status) !== "pending") continue;
      for (const kept of [true, false]) {
        const shown = { ...status, kept, contentKnown: true };
        const { label, saved } = statusText(shown, false, online, "document");
        expect(`${label} ${saved}`, JSON.stringify(shown)).toMatch(/Saving|Not saved|Not accepted|[Kk]ept/);
      }
    }
  });

  it("promises that edits are kept on this device only when they are, and asks to keep the tab only if not", () => {
    for (const [status, editable, online] of every) {
      for (const kept of [true, false]) {
        const shown = { ...status, kept, contentKnown: true };
        const { label, saved, detail } = statusText(shown, editable, online, "document");
        const text = `${label} ${saved} ${detail}`;
        if (!kept) expect(text, JSON.stringify(shown)).not.toMatch(/[Kk]ept on this device/);
        else expect(text, JSON.stringify(shown)).not.toMatch(/[Kk]eep (this|the) tab/);
      }
    }
  });

  it("says in one phrase that an offline device keeps what was written", () => {
    const saved: Saved = { kind: "not-saved", reason: "no-connection" };
    for (const connection of ["connecting", "reconnecting"] as const) {
      const status: RoomStatus = { ...UNCONNECTED, connection, contentKnown: true, saved, kept: true };
      expect(statusText(status, true, false, "document").label).toBe("Offline, kept on this device");
    }
  });

  it("says why there is no connection instead of connecting for ever", () => {
    for (const connection of ["connecting", "reconnecting"] as const) {
      const text = (trouble: RoomStatus["trouble"]) =>
        statusText({ ...UNCONNECTED, connection, trouble }, true, true, "document");
      expect(text("room-full").label).toBe("Full");
      expect(text("room-full").detail).toMatch(/as many people as it takes.*when somebody leaves/);
      expect(text("load-failed").label).toBe("Not available");
      expect(text("load-failed").detail).toMatch(/cannot load this document.*keeps trying/);
      expect(text("no-answer").detail).toMatch(/not answered.*keeps trying/);
    }
  });

  it("warns of a document that nears its limit", () => {
    const status: RoomStatus = {
      ...UNCONNECTED,
      connection: "live",
      saved: { kind: "saved" },
      large: { bytes: 12_400_000, limit: 20_000_000 },
    };
    expect(statusText(status, true, true, "document").detail).toContain("12 of 20 MB");
  });
});
