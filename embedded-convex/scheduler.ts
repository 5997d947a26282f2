/**
 * Runs scheduled functions when they are due. A mutation runs exactly once: its new state is part of its own commit.
 * An action runs at most once: it is marked as started before, and one that a crash interrupted counts as failed.
 */
import type { Engine, FunctionCall } from "./engine";
import { systemCaller } from "./functions/caller";
import { findFunction } from "./functions/invoke";
import {
  jobIds,
  jobState,
  readJob,
  removeEnded,
  SCHEDULED_TABLE,
  setJobState,
  type Job,
} from "./scheduled_functions";

/** `setTimeout` fires at once for more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Ended jobs can be read for a week, as in Convex. */
const KEPT_MS = 7 * 24 * 60 * 60_000;
const CLEAN_INTERVAL_MS = 60 * 60_000;

/** Jobs looked at in one transaction: mutations wait for it. */
const CLEAN_BATCH = 64;

/** More wait until one of these has ended. */
const MAX_RUNNING = 128;

/** What cannot even be started must not be tried in a tight loop. */
const RETRY_MS = 1_000;

export class Scheduler {
  private timer: NodeJS.Timeout | null = null;
  private cleaning: NodeJS.Timeout | null = null;
  private readonly running = new Set<string>();
  private stopped = true;
  private readonly unlisten: () => void;

  constructor(private readonly engine: Engine) {
    this.unlisten = engine.onCommit(({ written }) => {
      if (!this.stopped && written.some(({ index }) => index === `${SCHEDULED_TABLE}/by_state`)) this.arm();
    });
  }

  /** Takes up what the last process left. */
  async start(): Promise<void> {
    await this.engine.write((transaction) => {
      const now = Date.now();
      for (const id of jobIds(transaction, "inProgress", Number.MAX_SAFE_INTEGER)) {
        const error = "Transient error while executing action: the server was stopped.";
        setJobState(transaction, id, { kind: "failed", error }, now);
      }
    });
    this.stopped = false;
    this.arm();
    this.clean("");
  }

  /** Starts nothing more. An action that is running is not waited for: the next start counts it as failed. */
  stop(): void {
    this.stopped = true;
    this.unlisten();
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.cleaning !== null) clearTimeout(this.cleaning);
  }

  /** Removes old jobs after the one named, batch by batch, and begins again after a while. */
  private clean(after: string): void {
    if (this.stopped) return;
    const again = (from: string, delay: number) => {
      if (!this.stopped) this.cleaning = setTimeout(() => this.clean(from), delay);
    };
    this.engine
      .write((transaction) => removeEnded(transaction, Date.now() - KEPT_MS, after, CLEAN_BATCH))
      .then(
        (next) => again(next ?? "", next === null ? CLEAN_INTERVAL_MS : 0),
        (error: unknown) => {
          this.engine.print(`Old scheduled functions could not be removed: ${String(error)}`);
          again("", CLEAN_INTERVAL_MS);
        },
      );
  }

  /** Waits for the next job. One that cannot be read (a full disk, damaged data) does not end the process. */
  private arm(atLeast = 0): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.stopped || this.running.size >= MAX_RUNNING) return;
    let delay = RETRY_MS;
    try {
      const next = this.upcoming(1)[0];
      if (next === undefined) return;
      delay = Math.max(atLeast, Math.min(next.scheduledTime - Date.now(), MAX_TIMER_MS));
    } catch (error) {
      this.engine.print(`The scheduled functions could not be read: ${String(error)}`);
    }
    this.timer = setTimeout(() => this.runDue(), delay);
  }

  private runDue(): void {
    let due: Job[];
    try {
      const now = Date.now();
      due = this.upcoming(MAX_RUNNING - this.running.size, now);
    } catch (error) {
      this.engine.print(`The scheduled functions could not be read: ${String(error)}`);
      this.arm(RETRY_MS);
      return;
    }
    for (const job of due) {
      this.running.add(job.id);
      this.run(job)
        .catch(async (error: unknown) => {
          this.engine.print(`The scheduled function ${job.path} could not be run: ${String(error)}`);
          await this.fail(job, String(error));
        })
        .then(
          () => {
            this.running.delete(job.id);
            this.arm();
          },
          (error: unknown) => {
            this.engine.print(`What became of ${job.path} could not be written: ${String(error)}`);
            this.running.delete(job.id);
            this.arm(RETRY_MS);
          },
        );
    }
    this.arm();
  }

  /** Jobs that are pending, not already under way and due by a time, the earliest first. */
  private upcoming(count: number, dueBy = Infinity): Job[] {
    return this.engine.read((transaction) => {
      const jobs: Job[] = [];
      for (const id of jobIds(transaction, "pending", this.running.size + count)) {
        if (this.running.has(id)) continue;
        const job = readJob(transaction, id);
        if (job === null || job.scheduledTime > dueBy || jobs.length >= count) break;
        jobs.push(job);
      }
      return jobs;
    });
  }

  private async run(job: Job): Promise<void> {
    const call: FunctionCall = {
      path: job.path,
      args: job.args,
      access: "all",
      caller: systemCaller(job.id),
    };
    const kind = this.kindOf(job.path);
    if (kind === "action") await this.runAction(job, call);
    else await this.runMutation(job, call);
  }

  private async runMutation(job: Job, call: FunctionCall): Promise<void> {
    const outcome = await this.engine.mutation(call, {
      before: (transaction) =>
        jobState(transaction, job.id) === "pending"
          ? null
          : { kind: "success", value: "null", log: [], timestamp: transaction.snapshot },
      after: (transaction) => setJobState(transaction, job.id, { kind: "success" }, Date.now()),
    });
    if (outcome.kind === "failure") await this.fail(job, outcome.failure.message);
  }

  private async runAction(job: Job, call: FunctionCall): Promise<void> {
    const started = await this.engine.write((transaction) => {
      if (jobState(transaction, job.id) !== "pending") return false;
      setJobState(transaction, job.id, { kind: "inProgress" }, Date.now());
      return true;
    });
    if (!started) return;
    const outcome = await this.engine.action(call);
    if (outcome.kind === "failure") {
      await this.fail(job, outcome.failure.message);
      return;
    }
    await this.engine.write((transaction) => {
      if (jobState(transaction, job.id) === "inProgress") {
        setJobState(transaction, job.id, { kind: "success" }, Date.now());
      }
    });
  }

  private async fail(job: Job, error: string): Promise<void> {
    await this.engine.write((transaction) => {
      // One that was canceled while it ran stays canceled.
      const state = jobState(transaction, job.id);
      if (state !== "pending" && state !== "inProgress") return;
      setJobState(transaction, job.id, { kind: "failed", error }, Date.now());
    });
  }

  private kindOf(path: string): "mutation" | "action" {
    const definition = this.engine.functions.functions.get(path);
    // A function that is gone fails like any other call of it, as a mutation.
    if (definition === undefined) return "mutation";
    return findFunction(this.engine.functions, path, "any", "all").kind === "action" ? "action" : "mutation";
  }
}
