import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rankBetween } from "./rank";

describe("rankBetween", () => {
  it("keeps any order in which things are put between each other", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 200 }), (places) => {
        const ranks: string[] = [];
        for (const place of places) {
          const at = place % (ranks.length + 1);
          ranks.splice(at, 0, rankBetween(ranks[at - 1] ?? null, ranks[at] ?? null));
        }
        expect([...new Set(ranks)].sort()).toEqual(ranks);
      }),
    );
  });

  it.each(["front", "end"])("stays short when 5,000 are put at the %s", (where) => {
    let rank: string | null = null;
    for (let i = 0; i < 5000; i++) {
      rank = where === "front" ? rankBetween(null, rank) : rankBetween(rank, null);
    }
    expect(rank?.length).toBeLessThan(200);
  });

  it("refuses neighbours that are not in order", () => {
    expect(() => rankBetween("b", "a")).toThrow("not in order");
    expect(() => rankBetween("a", "a")).toThrow("not in order");
  });
});
