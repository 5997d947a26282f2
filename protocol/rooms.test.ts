import { describe, expect, it } from "vitest";
import { parseRoomId, parseWorkspaceRoomId, RESOURCE_KINDS, roomIdFor, workspaceRoomIdFor } from "./rooms";

describe("room ids", () => {
  it.each(RESOURCE_KINDS)("parses back what it built for a %s", (kind) => {
    const resourceId = "j57a8h2k0e9d6c3b1m4n7p5q8r2s6t0v";
    expect(parseRoomId(roomIdFor(kind, resourceId))).toEqual({ kind, resourceId });
  });

  it.each([
    ["an unknown kind", "task-1"],
    ["a kind that every object inherits", "constructor-1"],
    ["no id", "doc-"],
    ["no separator", "doc"],
    ["nothing", ""],
    ["an id with a dash", "doc-abc-def"],
    ["another case of the kind", "Doc-abc"],
    ["another case of the id", "doc-ABC"],
    ["space around it", " doc-abc"],
    ["a line break at the end", "doc-abc\n"],
    ["a path", "doc-../etc"],
    ["an encoded path", "doc-%2e%2e"],
    ["an id of absurd length", `doc-${"a".repeat(65)}`],
  ])("refuses %s", (_what, roomId) => {
    expect(parseRoomId(roomId)).toBeNull();
  });
});

describe("ids of workspaces' rooms", () => {
  it("parses back what it built", () => {
    expect(parseWorkspaceRoomId(workspaceRoomIdFor("j57a8h2k0e9d6c3b"))).toBe("j57a8h2k0e9d6c3b");
  });

  it.each(["doc-abc", "workspace-", "workspace", "workspace-a-b", "workspaces-abc", "workspace-ABC", ""])(
    "refuses %j",
    (roomId) => {
      expect(parseWorkspaceRoomId(roomId)).toBeNull();
    },
  );

  it("are no ids of documents' rooms", () => {
    expect(parseRoomId(workspaceRoomIdFor("abc"))).toBeNull();
  });
});
