import { describe, expect, it } from "vitest";
import { colorForUser, USER_COLORS } from "./colors";

/** WCAG 2.2, relative luminance of an sRGB colour. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe("a person's colour", () => {
  it.each(USER_COLORS)("%s carries white text readably", (color) => {
    expect(1.05 / (luminance(color) + 0.05)).toBeGreaterThanOrEqual(4.5);
  });

  it("is pinned, since it is the same everywhere without being stored", () => {
    expect(colorForUser("j57a8h2k0e9d6c3b1m4n7p5q8r2s6t0v")).toBe("#7d5a3c");
  });

  it("uses the whole palette for ids that differ in one letter", () => {
    const used = new Set(Array.from({ length: 200 }, (_, i) => colorForUser(`user${i}`)));
    expect(used.size).toBe(USER_COLORS.length);
  });
});
