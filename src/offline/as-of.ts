/** A point in time as one says it on the same day (`10:32`), and from the next day on (`Nov 19, 10:32`). */
export function timeInWords(at: number, now: number, locale?: string): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  const time = { hour: "numeric", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat(locale, isToday ? time : { month: "short", day: "numeric", ...time }).format(
    at,
  );
}
