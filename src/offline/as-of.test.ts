import { describe, expect, it } from "vitest";
import { timeInWords } from "./as-of";

const at = new Date(2026, 10, 19, 10, 32).getTime();

describe("the time of what is remembered", () => {
  it.each([
    ["the same day", new Date(2026, 10, 19, 23, 59), "10:32"],
    ["the next day, less than 24 hours later", new Date(2026, 10, 20, 0, 1), "19 Nov, 10:32"],
    ["the same day of another month", new Date(2026, 11, 19, 10, 33), "19 Nov, 10:32"],
  ])("on %s", (_, now, words) => {
    expect(timeInWords(at, now.getTime(), "en-GB")).toBe(words);
  });
});
