import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { TYPES_MAX_DEPTH, VALUE_MAX_DEPTH } from "../../protocol/limits";
import { nestsTooDeeply } from "./nesting";

/** An update that puts a chain of maps into `doc`, the innermost of which has `depth - 1` around it. */
function nest(doc: Y.Doc, depth: number): Uint8Array {
  const before = Y.encodeStateVector(doc);
  doc.transact(() => {
    let around = doc.getMap("maps");
    for (let inner = around.get("map"); inner instanceof Y.Map; inner = around.get("map")) around = inner;
    for (let i = 0; i < depth; i++) {
      const inner = new Y.Map();
      around.set("map", inner);
      around = inner;
    }
  });
  return Y.encodeStateAsUpdate(doc, before);
}

/** As the room applies updates, one after the other; `false` when it comes to one that it refuses. */
function takes(updates: Uint8Array[], room = new Y.Doc()): boolean {
  return updates.every((update) => {
    const pending = room.store.pendingStructs;
    const waiting = pending === null ? [] : Y.decodeUpdateV2(pending.update).structs;
    if (nestsTooDeeply(Y.decodeUpdate(update).structs, waiting, room.store)) return false;
    Y.applyUpdate(room, update);
    return true;
  });
}

describe("types in types", () => {
  test("may be as deep as the limit says, and not one deeper", () => {
    expect(takes([nest(new Y.Doc(), TYPES_MAX_DEPTH)])).toBe(true);
    expect(takes([nest(new Y.Doc(), TYPES_MAX_DEPTH + 1)])).toBe(false);
    expect(takes([nest(new Y.Doc(), 5_000)])).toBe(false);
  });

  test("count with what the document has, however they arrive", () => {
    const doc = new Y.Doc();
    const thirds = [0, 1, 2].map(() => nest(doc, TYPES_MAX_DEPTH / 2 - 10));
    expect(takes(thirds.slice(0, 2))).toBe(true);
    expect(takes(thirds)).toBe(false);
    expect(takes([...thirds].reverse())).toBe(false);
    expect(takes([...thirds.slice(0, 2)].reverse())).toBe(true);
  });

  test("count at the place of a neighbour too", () => {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    let around = doc.getArray("root");
    // Each gets a neighbour first, and what is nested further hangs on that.
    for (let i = 1; i <= TYPES_MAX_DEPTH; i++) {
      around.push([new Y.Array()]);
      const next = new Y.Array();
      around.push([next]);
      around = next;
    }
    expect(takes(updates)).toBe(true);
    around.push([new Y.Array()]);
    expect(takes(updates)).toBe(false);
  });

  test("many beside each other are no nesting", () => {
    const doc = new Y.Doc();
    doc.getArray("list").push(Array.from({ length: 5_000 }, () => new Y.Map()));
    for (let i = 0; i < 1_000; i++) doc.getArray("list").insert(0, [new Y.Map()]);
    expect(takes([Y.encodeStateAsUpdate(doc)])).toBe(true);
  });
});

describe("values in values", () => {
  const deep = (depth: number) => {
    let value: unknown = 1;
    for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { value };
    return value;
  };
  const edits: [string, (doc: Y.Doc, value: unknown) => void][] = [
    ["a map", (doc, value) => doc.getMap("map").set("key", value)],
    ["an array", (doc, value) => doc.getArray("array").push([1, value])],
    ["an attribute of text", (doc, value) => doc.getText("text").insert(0, "x", { bold: value })],
    ["an embed", (doc, value) => doc.getText("text").insertEmbed(0, value as object)],
  ];

  test.each(edits)("of %s have a limit", (_name, edit) => {
    const update = (depth: number) => {
      const doc = new Y.Doc();
      edit(doc, deep(depth));
      return Y.encodeStateAsUpdate(doc);
    };
    expect(takes([update(VALUE_MAX_DEPTH)])).toBe(true);
    expect(takes([update(VALUE_MAX_DEPTH + 1)])).toBe(false);
  });
});
