const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long ago something was, in words; from a week on, its date. Clocks that differ never yield the future. */
export function age(createdAt: number, now: number, locale?: string): string {
  const passed = Math.max(0, now - createdAt);
  if (passed < MINUTE_MS) return "just now";
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (passed < HOUR_MS) return words.format(-Math.floor(passed / MINUTE_MS), "minute");
  if (passed < DAY_MS) return words.format(-Math.floor(passed / HOUR_MS), "hour");
  if (passed < 7 * DAY_MS) return words.format(-Math.floor(passed / DAY_MS), "day");
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(createdAt);
}
