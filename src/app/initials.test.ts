import { describe, expect, it } from "vitest";
import { initials } from "./initials";

describe("initials", () => {
  it.each([
    ["Ada Lovelace", "AL"],
    ["ada", "A"],
    ["  Grace Brewster  Hopper ", "GH"],
    ["李 小龙", "李小"],
    ["👩🏽‍🚀 pilot", "👩🏽‍🚀P"],
    ["", "?"],
  ])("of %j are %s", (name, expected) => {
    expect(initials(name)).toBe(expected);
  });
});
