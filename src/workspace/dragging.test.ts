import { describe, expect, it } from "vitest";
import { dropAt } from "./dragging";

describe("dropAt", () => {
  it.each([
    [0, "doc", "before"],
    [9, "doc", "before"],
    [10, "doc", "inside"],
    [24, "doc", "inside"],
    [25, "doc", "after"],
    [34, "doc", "after"],
    [16, "diagram", "before"],
    [17, "diagram", "after"],
  ] as const)("%i of 34 on a %s is %s", (offset, kind, drop) => {
    expect(dropAt(offset, 34, kind)).toBe(drop);
  });
});
