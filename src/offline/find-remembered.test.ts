import { describe, expect, it } from "vitest";
import { findRemembered } from "./find-remembered";

const item = (resourceId: string, title: string) => ({ resourceId, title });
const ANSWERS = [
  {
    key: "tree:mine {}",
    at: 1,
    value: { page: [item("a", "Plan B"), item("b", "Über den Plan")], isDone: true },
  },
  { key: "shortcuts:recents {}", at: 1, value: [item("a", "Plan B"), item("c", "Notes")] },
  { key: "workspaces:list {}", at: 1, value: [{ workspaceId: "w", name: "Plan" }] },
  { key: "users:me {}", at: 1, value: { name: "Plan" } },
];
const found = (text: string) => findRemembered(ANSWERS, text).map(({ title }) => title);

describe("what is found without the backend", () => {
  it.each([
    ["plan", ["Plan B", "Über den Plan"]],
    ["PLAN über", ["Über den Plan"]],
    ["plan notes", []],
    ["ote", ["Notes"]],
  ])("for %j", (text, titles) => {
    expect(found(text)).toEqual(titles);
  });
});
