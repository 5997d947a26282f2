import { describe, expect, it } from "vitest";
import { itemAt, pathOf } from "./items";

describe("the address of a page", () => {
  it.each([
    [{ kind: "doc", resourceId: "k1" }, "/d/k1"],
    [{ kind: "diagram", resourceId: "k1" }, "/g/k1"],
  ] as const)("of %j is %s, both ways", (item, path) => {
    expect(pathOf(item)).toBe(path);
    expect(itemAt(path)).toEqual(item);
  });

  it.each(["/", "/d", "/d/", "/x/k1", "/d/k1/more", ""])("is not %j", (path) => {
    expect(itemAt(path)).toBeNull();
  });
});
