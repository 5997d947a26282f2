/** Going from row to row in the sidebar's lists by key, across all of them. */
import type { KeyboardEvent } from "react";

const STEPS: Readonly<Record<string, (at: number, rows: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_at, rows) => rows - 1,
};

/** For the element around the lists. */
export function goToRow(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row === event.target);
  const next = at === -1 ? undefined : rows[step(at, rows.length)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
