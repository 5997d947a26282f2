/**
 * Runs cron jobs. When each is due next is kept on disk, so a job that came due while the server was off runs once
 * when it is back. Advancing that time is part of a mutation's own commit, and precedes an action.
 */
import { z } from "zod";
import { nextTime } from "./cron_times";
import type { Engine, FunctionCall } from "./engine";
import { systemCaller } from "./functions/caller";
import type { CronDefinition, FunctionSet } from "./functions/function_set";

/** `setTimeout` fires at once for more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A job that cannot even be started must not be tried in a tight loop. */
const RETRY_MS = 1_000;

const Kept = z.tuple([z.string(), z.string(), z.number()]);

/** Throws for a job that could never run: its schedule makes no sense, or there is no such function. */
export function checkCrons({ crons, functions }: FunctionSet): void {
  for (const { name, path, schedule } of crons) {
    const kind = functions.get(path)?.kind;
    if (kind === undefined) throw new Error(`The cron job "${name}" runs ${path}, which does not exist.`);
    if (kind === "query") throw new Error(`The cron job "${name}" runs ${path}, which is a query.`);
    try {
      nextTime(schedule, Date.now(), null);
    } catch (error) {
      throw new Error(`The schedule of the cron job "${name}" is not valid: ${String(error)}`, {
        cause: error,
      });
    }
  }
}

interface Job {
  definition: CronDefinition;
  /** As text: a job of the same name with another one is another job. */
  schedule: string;
  due: number;
}

export class Crons {
  private jobs = new Map<string, Job>();
  private readonly running = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(private readonly engine: Engine) {
    engine.store.connection.exec(
      "CREATE TABLE IF NOT EXISTS crons (name TEXT PRIMARY KEY, schedule TEXT NOT NULL, due REAL NOT NULL) WITHOUT ROWID",
    );
  }

  /** Takes over the jobs of newly loaded functions; one whose schedule is unchanged keeps its time. */
  async replace(definitions: readonly CronDefinition[]): Promise<void> {
    const { connection } = this.engine.store;
    const now = Date.now();
    this.jobs = await this.engine.write(() => {
      const rows = connection.all("SELECT name, schedule, due FROM crons").map((row) => Kept.parse(row));
      const kept = new Map(rows.map(([name, schedule, due]) => [name, { schedule, due }]));
      const jobs: typeof this.jobs = new Map();
      for (const definition of definitions) {
        const schedule = JSON.stringify(definition.schedule);
        const before = kept.get(definition.name);
        const due = before?.schedule === schedule ? before.due : nextTime(definition.schedule, now, null);
        jobs.set(definition.name, { definition, schedule, due });
      }
      connection.run("DELETE FROM crons");
      for (const [name, { schedule, due }] of jobs) {
        connection.run("INSERT INTO crons (name, schedule, due) VALUES (?, ?, ?)", name, schedule, due);
      }
      return jobs;
    });
    this.arm();
  }

  /** Starts nothing more. */
  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private arm(delay?: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.stopped) return;
    const waiting = [...this.jobs].filter(([name]) => !this.running.has(name)).map(([, { due }]) => due);
    if (waiting.length === 0) return;
    const until = Math.max(delay ?? 0, Math.min(...waiting) - Date.now());
    this.timer = setTimeout(() => this.runDue(), Math.min(until, MAX_TIMER_MS));
  }

  private runDue(): void {
    const now = Date.now();
    for (const [name, job] of this.jobs) {
      // A run that takes longer than its period delays the next one instead of overlapping with it.
      if (job.due > now || this.running.has(name)) continue;
      const due = nextTime(job.definition.schedule, now, job.due);
      this.running.add(name);
      this.run(job, due).then(
        () => {
          // A reload may have put another object in its place, with the time that was stored before this run.
          const current = this.jobs.get(name);
          if (current?.schedule === job.schedule) current.due = due;
          this.running.delete(name);
          this.arm();
        },
        (error: unknown) => {
          this.running.delete(name);
          this.engine.print(`The cron job "${name}" could not be run: ${String(error)}`);
          this.arm(RETRY_MS);
        },
      );
    }
    this.arm();
  }

  private async run({ definition, schedule }: Job, due: number): Promise<void> {
    const { name, path, args } = definition;
    const { connection } = this.engine.store;
    const advance = () =>
      connection.run("UPDATE crons SET due = ? WHERE name = ? AND schedule = ?", due, name, schedule);
    const call: FunctionCall = { path, args, access: "all", caller: systemCaller() };
    if (this.engine.functions.functions.get(path)?.kind === "action") {
      await this.engine.write(advance);
      // Its failure is in the terminal; there is nobody else to tell.
      await this.engine.action(call);
      return;
    }
    const outcome = await this.engine.mutation(call, { after: advance });
    if (outcome.kind === "failure") await this.engine.write(advance);
  }
}
