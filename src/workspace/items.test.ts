import { describe, expect, it } from "vitest";
import { groupItems, newestFirst, pathOf, type Item } from "./items";

const item = (patch: Partial<Item>): Item => ({
  kind: "doc",
  id: "a",
  title: "Notes",
  role: "owner",
  createdAt: 0,
  shared: false,
  ...patch,
});

describe("groupItems", () => {
  it("puts every item into exactly one list", () => {
    const own = item({ id: "a" });
    const drawing = item({ id: "b", kind: "diagram" });
    const foreign = item({ id: "c", shared: true, createdAt: 1 });
    const foreignDrawing = item({ id: "d", kind: "diagram", shared: true, createdAt: 2 });
    expect(groupItems([own, drawing, foreign, foreignDrawing])).toEqual({
      documents: [own],
      diagrams: [drawing],
      shared: [foreignDrawing, foreign],
    });
  });
});

describe("newestFirst", () => {
  it("orders by creation, whatever the kind", () => {
    const items = [
      item({ id: "old", createdAt: 1 }),
      item({ id: "new", kind: "diagram", createdAt: 3 }),
      item({ createdAt: 2 }),
    ];
    expect(items.sort(newestFirst).map(({ id }) => id)).toEqual(["new", "a", "old"]);
  });
});

describe("pathOf", () => {
  it("leads to the page of the kind", () => {
    expect(pathOf("doc", "k1")).toBe("/d/k1");
    expect(pathOf("diagram", "k1")).toBe("/g/k1");
  });
});
