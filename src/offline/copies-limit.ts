/** How much all copies of one person may take on this device, which the person says. */

const KEY = "ripple.copies.megabytes";

/** What can be chosen, in megabytes; `null` is as much as the browser gives. */
export const LIMIT_CHOICES = [50, 200, 500, 2_000, null] as const;
export type CopiesLimit = (typeof LIMIT_CHOICES)[number];

export const DEFAULT_LIMIT: CopiesLimit = 200;

const BYTES_PER_MEGABYTE = 1_000_000;

/** In bytes. */
export function copiesLimit(): number {
  const chosen = chosenLimit();
  return chosen === null ? Infinity : chosen * BYTES_PER_MEGABYTE;
}

export function chosenLimit(): CopiesLimit {
  const chosen = parseLimit(localStorage.getItem(KEY) ?? "");
  return chosen === undefined ? DEFAULT_LIMIT : chosen;
}

export function chooseLimit(limit: CopiesLimit): void {
  localStorage.setItem(KEY, nameOfLimit(limit));
}

/** How a limit is stored, and named in a form. */
export function nameOfLimit(limit: CopiesLimit): string {
  return limit === null ? "all" : String(limit);
}

/** `undefined` for what names none of the choices. */
export function parseLimit(name: string): CopiesLimit | undefined {
  return LIMIT_CHOICES.find((choice) => nameOfLimit(choice) === name);
}
