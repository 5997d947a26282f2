import { describe, expect, it } from "vitest";
import { LEAVE_GRACE_MS, othersIn, withLeavers } from "./people";

const ada = { userId: "u1", name: "Ada", color: "#c2255c" };
const bea = { userId: "u2", name: "Bea", color: "#1971c2" };
const me = { userId: "u9", name: "Me", color: "#2b8a3e" };

const here = (person: typeof ada) => ({ ...person, attention: "here" as const });

describe("the others in a room", () => {
  it("are each named once, by name, without oneself", () => {
    const states = [{ user: bea }, { user: me }, { user: ada, cursor: null }, { user: bea }];
    expect(othersIn(states, "u9")).toEqual([here(ada), here(bea)]);
  });

  it("do not include entries that name nobody", () => {
    expect(othersIn([{}, { user: null }, { user: { ...ada, color: "red" } }, { user: "x" }], "u9")).toEqual(
      [],
    );
  });

  it("are as much at work as in the tab in which they are most", () => {
    const states = [
      { user: ada, attention: "hidden" },
      { user: ada, attention: "idle" },
      { user: bea, attention: "hidden" },
    ];
    expect(othersIn(states, "u9").map(({ attention }) => attention)).toEqual(["idle", "hidden"]);
    expect(othersIn([{ user: ada, attention: 7 }], "u9")).toEqual([here(ada)]);
  });
});

describe("those who are shown", () => {
  it("do not flicker when somebody reloads", () => {
    const before = withLeavers([], [here(ada), here(bea)], 0);
    const without = withLeavers(before, [here(bea)], 1_000);
    expect(without.map(({ name, leftAt }) => [name, leftAt])).toEqual([
      ["Ada", 1_000],
      ["Bea", null],
    ]);
    const back = withLeavers(without, [here(ada), here(bea)], 1_000 + LEAVE_GRACE_MS - 1);
    expect(back).toEqual(before);
  });

  it("do not include somebody who has been gone for a while, however often one looks", () => {
    let shown = withLeavers([], [here(ada)], 0);
    for (let now = 0; now < LEAVE_GRACE_MS; now += 500) {
      shown = withLeavers(shown, [], now);
      expect(shown).toHaveLength(1);
    }
    expect(withLeavers(shown, [], LEAVE_GRACE_MS)).toEqual([]);
  });
});
