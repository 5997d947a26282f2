import { describe, expect, it } from "vitest";
import { age } from "./age";

const NOW = Date.UTC(2026, 10, 20, 12);
const before = (ms: number) => age(NOW - ms, NOW, "en");

describe("age", () => {
  it.each([
    [0, "just now"],
    [59_999, "just now"],
    [60_000, "1 minute ago"],
    [3_599_999, "59 minutes ago"],
    [3_600_000, "1 hour ago"],
    [86_400_000, "yesterday"],
    [6 * 86_400_000, "6 days ago"],
    [30 * 86_400_000, "Oct 21, 2026"],
  ])("of something %i ms old is “%s”", (ms, words) => {
    expect(before(ms)).toBe(words);
  });

  it("never speaks of the future", () => {
    expect(before(-5_000_000)).toBe("just now");
  });
});
