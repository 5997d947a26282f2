import { describe, expect, it } from "vitest";
import type { CopyRecord } from "./directory";
import { copiesToEvict } from "./eviction";

const copy = (roomId: string, lastOpened: number, more: Partial<CopyRecord> = {}): CopyRecord => ({
  roomId,
  title: roomId,
  role: "editor",
  lastOpened,
  bytes: 100,
  known: true,
  unsynced: {},
  ...more,
});
const closed = () => false;

describe("eviction", () => {
  it("takes nothing while all fit, to the byte", () => {
    expect(copiesToEvict([copy("a", 1), copy("b", 2)], 200, closed)).toEqual([]);
  });

  it("takes what was opened longest ago, and no more than it must", () => {
    const copies = [copy("new", 3), copy("old", 1), copy("middle", 2)];
    expect(copiesToEvict(copies, 299, closed)).toEqual(["old"]);
    expect(copiesToEvict(copies, 199, closed)).toEqual(["old", "middle"]);
  });

  it("never takes unsaved edits, nor what is open, however little room there is", () => {
    const copies = [copy("unsaved", 1, { unsynced: { "7": 3 } }), copy("open", 2), copy("other", 3)];
    expect(copiesToEvict(copies, 0, (roomId) => roomId === "open")).toEqual(["other"]);
  });
});
