/**
 * Runs scheduled functions when they are due. A mutation runs exactly once: its new state is part of its own commit.
 * An action runs at most once: it is marked as started before, and one that a crash interrupted counts as failed.
 */
import { stringField } from "./store/catalog";
import { newRequestId, type Engine, type FunctionCall } from "./engine";
import { findFunction } from "./functions/invoke";
import { jobsIn, jobState, pendingJobs, SCHEDULED_TABLE, setJobState, type Job } from "./scheduled_functions";

/** `setTimeout` fires at once for more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Ended jobs can be read for a week, as in Convex. */
const KEPT_MS = 7 * 24 * 60 * 60_000;

const BATCH = 64;

export class Scheduler {
  private timer: NodeJS.Timeout | null = null;
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
      for (const job of [...jobsIn(transaction, "inProgress")]) {
        const error = "Transient error while executing action: the server was stopped.";
        setJobState(transaction, stringField(job, "_id"), { kind: "failed", error }, now);
      }
      for (const state of ["success", "failed", "canceled"] as const) {
        for (const job of [...jobsIn(transaction, state)]) {
          if (Number(job["completedTime"]) < now - KEPT_MS) transaction.remove(stringField(job, "_id"));
        }
      }
    });
    this.stopped = false;
    this.arm();
  }

  /** Starts nothing more. An action that is running is not waited for: the next start counts it as failed. */
  stop(): void {
    this.stopped = true;
    this.unlisten();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private arm(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.stopped) return;
    const next = this.upcoming(1)[0];
    if (next === undefined) return;
    const delay = Math.max(0, Math.min(next.scheduledTime - Date.now(), MAX_TIMER_MS));
    this.timer = setTimeout(() => this.runDue(), delay);
  }

  private runDue(): void {
    const now = Date.now();
    for (const job of this.upcoming(BATCH)) {
      if (job.scheduledTime > now) break;
      this.running.add(job.id);
      this.run(job).then(
        () => {
          this.running.delete(job.id);
          this.arm();
        },
        (error: unknown) => {
          this.engine.print(`The scheduled function ${job.path} could not be run: ${String(error)}`);
        },
      );
    }
    this.arm();
  }

  /** Jobs that are pending and not already under way, the earliest first. */
  private upcoming(count: number): Job[] {
    return this.engine.read((transaction) => {
      const jobs: Job[] = [];
      for (const job of pendingJobs(transaction)) {
        if (this.running.has(job.id)) continue;
        jobs.push(job);
        if (jobs.length >= count) break;
      }
      return jobs;
    });
  }

  private async run(job: Job): Promise<void> {
    const call: FunctionCall = {
      path: job.path,
      args: job.args,
      access: "all",
      caller: {
        identity: null,
        request: {
          id: newRequestId(),
          ip: null,
          userAgent: null,
          scheduledFunctionId: job.id,
          authToken: null,
        },
      },
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
    await this.engine.write((transaction) =>
      setJobState(transaction, job.id, { kind: "failed", error }, Date.now()),
    );
  }

  private kindOf(path: string): "mutation" | "action" {
    const definition = this.engine.functions.functions.get(path);
    // A function that is gone fails like any other call of it, as a mutation.
    if (definition === undefined) return "mutation";
    return findFunction(this.engine.functions, path, "any", "all").kind === "action" ? "action" : "mutation";
  }
}
