import { describe, expect, it } from "vitest";
import { shortcutOf } from "./shortcut-keys";

const press = (key: string, held: Partial<Parameters<typeof shortcutOf>[0]> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...held,
});
const idle = { typing: false, selecting: false };
const typing = { typing: true, selecting: false };
const selecting = { typing: true, selecting: true };

describe("shortcutOf", () => {
  it.each([
    ["Ctrl-K", press("k", { ctrlKey: true }), idle, "palette"],
    ["Cmd-K", press("k", { metaKey: true }), typing, "palette"],
    ["Ctrl-K with caps lock", press("K", { ctrlKey: true }), idle, "palette"],
    ["Ctrl-K over a selection", press("k", { ctrlKey: true }), selecting, null],
    ["Ctrl-Shift-K", press("K", { ctrlKey: true, shiftKey: true }), idle, null],
    ["K", press("k"), idle, null],
    ["?", press("?", { shiftKey: true }), idle, "overview"],
    ["? in a field", press("?", { shiftKey: true }), typing, null],
    ["? in a composition", press("?", { isComposing: true }), idle, null],
    ["AltGr-?", press("?", { altKey: true, ctrlKey: true }), idle, null],
  ] as const)("%s", (_name, event, place, expected) => {
    expect(shortcutOf(event, place)).toBe(expected);
  });
});
