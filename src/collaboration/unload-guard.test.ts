import { expect, it } from "vitest";
import { guardUnload } from "./unload-guard";

/** What a browser asks a page before it closes it: `true` when the page wants the person to be asked. */
function wantsToStay(page: EventTarget): boolean {
  return !page.dispatchEvent(new Event("beforeunload", { cancelable: true }));
}

it("has the browser ask while edits are nowhere else, and only then", () => {
  const page = new EventTarget();
  let unsaved = true;
  let onChange: () => void = () => undefined;
  const stop = guardUnload(
    {
      isAtRisk: () => unsaved,
      subscribe: (callback) => {
        onChange = callback;
        return () => {
          onChange = () => undefined;
        };
      },
    },
    page,
  );
  const becomes = (now: boolean) => {
    unsaved = now;
    onChange();
  };
  expect(wantsToStay(page)).toBe(true);
  becomes(false);
  expect(wantsToStay(page)).toBe(false);
  becomes(true);
  becomes(true);
  expect(wantsToStay(page)).toBe(true);
  becomes(false);
  expect(wantsToStay(page)).toBe(false);
  becomes(true);
  stop();
  expect(wantsToStay(page)).toBe(false);
  becomes(true);
  expect(wantsToStay(page)).toBe(false);
});
