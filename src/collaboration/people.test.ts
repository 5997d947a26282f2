import { describe, expect, it } from "vitest";
import { othersIn } from "./people";

const ada = { userId: "u1", name: "Ada", color: "#c2255c" };
const bea = { userId: "u2", name: "Bea", color: "#1971c2" };
const me = { userId: "u9", name: "Me", color: "#2b8a3e" };

describe("the others in a room", () => {
  it("are each named once, by name, without oneself", () => {
    const states = [{ user: bea }, { user: me }, { user: ada, cursor: null }, { user: bea }];
    expect(othersIn(states, "u9")).toEqual([ada, bea]);
  });

  it("do not include entries that name nobody", () => {
    expect(othersIn([{}, { user: null }, { user: { ...ada, color: "red" } }, { user: "x" }], "u9")).toEqual(
      [],
    );
  });
});
