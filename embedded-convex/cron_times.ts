/** When a cron job is due next. All times of day are UTC, as in Convex. */
import { Cron } from "croner";
import type { CronSchedule } from "./functions/function_set";

/**
 * The first time after `after` (milliseconds since the epoch). Intervals count from `last`, when it was due before, and
 * begin at once when they are new.
 */
export function nextTime(schedule: CronSchedule, after: number, last: number | null): number {
  if (schedule.type === "interval") {
    const period = intervalMs(schedule);
    if (last === null) return after;
    // What was missed while the server was off is made up for by one run, not by all.
    return last + period * Math.max(1, Math.ceil((after - last + 1) / period));
  }
  const next = new Cron(patternOf(schedule), { timezone: "UTC" }).nextRun(new Date(after));
  if (next === null) throw new Error(`The cron schedule ${patternOf(schedule)} never comes.`);
  return next.getTime();
}

function intervalMs({
  seconds = 0,
  minutes = 0,
  hours = 0,
}: Extract<CronSchedule, { type: "interval" }>): number {
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

function patternOf(schedule: Exclude<CronSchedule, { type: "interval" }>): string {
  switch (schedule.type) {
    case "hourly":
      return `${schedule.minuteUTC ?? 0} * * * *`;
    case "daily":
      return `${schedule.minuteUTC ?? 0} ${schedule.hourUTC} * * *`;
    case "weekly":
      return `${schedule.minuteUTC ?? 0} ${schedule.hourUTC} * * ${schedule.dayOfWeek.slice(0, 3)}`;
    case "monthly":
      return `${schedule.minuteUTC ?? 0} ${schedule.hourUTC} ${schedule.day} * *`;
    case "cron":
      return schedule.cron;
  }
}
