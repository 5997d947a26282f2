import { describe, expect, test } from "vitest";
import { PRESENCE_GRACE_MS } from "../../protocol/limits";
import { Roster } from "./roster";

const ada = { userId: "ada", name: "Ada", color: "#112233" };
const bert = { userId: "bert", name: "Bert", color: "#445566" };

function rosterWith(...tabs: [string, typeof ada, string | null][]): Roster<string> {
  const roster = new Roster<string>();
  for (const [tab, who, page] of tabs) {
    roster.join(tab, who);
    roster.move(tab, page);
  }
  roster.takeChanges();
  return roster;
}

describe("tabs and people", () => {
  test("several tabs are one person, who is where the latest action was", () => {
    const roster = rosterWith(["a1", ada, "doc-x"], ["a2", ada, "doc-y"]);
    expect(roster.everybody()).toEqual([
      { ...ada, state: "here", page: "doc-y", pages: ["doc-x", "doc-y"], presenting: "off" },
    ]);
    roster.move("a1", "doc-x");
    expect(roster.everybody()[0]?.page).toBe("doc-x");
  });

  test("a tab that has gone leaves its person where another one is", () => {
    const roster = rosterWith(["a1", ada, "doc-x"], ["a2", ada, "doc-y"]);
    roster.leave("a2", true, 0);
    expect(roster.takeChanges()).toMatchObject({ people: [{ page: "doc-x", pages: ["doc-x"] }], gone: [] });
  });

  test("a new tab changes nothing until it says where it is", () => {
    const roster = rosterWith(["a1", ada, "doc-x"]);
    roster.join("a2", ada);
    expect(roster.everybody()[0]).toMatchObject({ page: "doc-x", pages: ["doc-x"] });
  });
});

describe("leaving", () => {
  test("a deliberate leave shows at once", () => {
    const roster = rosterWith(["a", ada, "doc-x"]);
    roster.leave("a", true, 0);
    expect(roster.takeChanges()).toEqual({ people: [], gone: ["ada"] });
    expect(roster.isEmpty).toBe(true);
  });

  test("a lost connection is shown as such, and is over after the grace period", () => {
    const roster = rosterWith(["a", ada, "doc-x"]);
    roster.leave("a", false, 1_000);
    expect(roster.takeChanges()).toMatchObject({ people: [{ state: "reconnecting", page: "doc-x" }] });
    roster.expire(1_000 + PRESENCE_GRACE_MS - 1);
    expect(roster.takeChanges()).toBeNull();
    roster.expire(1_000 + PRESENCE_GRACE_MS);
    expect(roster.takeChanges()).toEqual({ people: [], gone: ["ada"] });
  });

  test("a reload moves nobody", () => {
    const roster = rosterWith(["a", ada, "doc-x"]);
    roster.leave("a", false, 0);
    roster.join("again", ada);
    expect(roster.everybody()[0]).toMatchObject({ state: "here", page: "doc-x" });
    roster.expire(PRESENCE_GRACE_MS * 2);
    expect(roster.everybody()).toHaveLength(1);
  });

  test("who leaves does not present any more", () => {
    const roster = rosterWith(["a", ada, "doc-x"]);
    roster.present("a", "on");
    roster.leave("a", false, 0);
    expect(roster.everybody()[0]?.presenting).toBe("off");
  });
});

describe("following", () => {
  test("what somebody shows goes to those who follow, from the tab of the latest action only", () => {
    const roster = rosterWith(["a1", ada, "doc-x"], ["a2", ada, "doc-y"], ["b", bert, null]);
    expect(roster.follow("b", "ada")).toEqual(["ada"]);
    expect(roster.followersOf("ada")).toEqual(["b"]);
    expect(roster.shownBy("a1")).toBeNull();
    expect(roster.shownBy("a2")).toEqual({ userId: "ada", page: "doc-y" });
  });

  test("a change of mind is told to both, and a tab that goes follows nobody", () => {
    const roster = rosterWith(["a", ada, null], ["b", bert, null], ["c", { ...ada, userId: "cleo" }, null]);
    roster.follow("b", "ada");
    expect(roster.follow("b", "cleo")).toEqual(["ada", "cleo"]);
    expect(roster.follow("b", "cleo")).toEqual([]);
    expect(roster.leave("b", true, 0)).toBe("cleo");
    expect(roster.followersOf("cleo")).toEqual([]);
  });

  test("nobody follows themselves", () => {
    const roster = rosterWith(["a", ada, null]);
    expect(roster.follow("a", "ada")).toEqual([]);
    expect(roster.followersOf("ada")).toEqual([]);
  });

  test("who has paused shows nothing", () => {
    const roster = rosterWith(["a", ada, "doc-x"]);
    roster.present("a", "paused");
    expect(roster.shownBy("a")).toBeNull();
  });
});

test("everything that changed between two askings is told once", () => {
  const roster = rosterWith(["a", ada, "doc-x"], ["b", bert, null]);
  for (const page of ["doc-y", "doc-z", "doc-x"]) roster.move("a", page);
  expect(roster.takeChanges()).toMatchObject({ people: [{ userId: "ada", page: "doc-x" }], gone: [] });
  expect(roster.takeChanges()).toBeNull();
});
