/**
 * All clients of a run, in threads of this process; the servers are other processes. The official providers have a
 * thread of their own: they read everything as a page does, and must not make the light clients late.
 */
import { Worker } from "node:worker_threads";
import { now } from "./clock";
import { Histogram } from "./histogram";
import { countSent, createSharedLog, TRAFFIC, type SharedLog, type Traffic } from "./journey";
import type { ClientPlan, Target } from "./target";
import type { Answer, Command, ThreadData, ThreadReport } from "./thread";

const POLL_MS = 20;

/** What is still on its way so long after the last was sent is missing. */
const DRAIN_MS = 5_000;

export interface SwarmOptions {
  target: Target;
  plans: ClientPlan[];
  /** Clients that are being opened at the same time, per thread. */
  opening: number;
  /** How long they will send, warm-up included: decides how much is remembered. */
  seconds: number;
}

export interface SwarmReport {
  histograms: Record<Traffic, Histogram>;
  /** Edits and moves in the measured time, and arrivals of them that were due and did not happen. */
  sent: number;
  /** With the warm-up. */
  sentInAll: number;
  missing: number;
  framesOut: number;
  bytesOut: number;
  lateness: Histogram;
  /** Close codes of connections that the clients did not end themselves. */
  lost: number[];
}

export class Swarm {
  readonly #log: SharedLog;
  readonly #threads: Worker[];

  constructor({ target, plans, opening, seconds }: SwarmOptions) {
    const hz = Math.max(1, ...plans.map(({ editHz, moveHz }) => Math.max(editHz, moveHz)));
    this.#log = createSharedLog(plans.length, Math.ceil(hz * (seconds + 2)) + 2);
    const rooms = new Map<string, number[]>();
    for (const { room, index } of plans) rooms.set(room, [...(rooms.get(room) ?? []), index]);
    const groups = [plans.filter(({ official }) => official), plans.filter(({ official }) => !official)];
    this.#threads = groups
      .filter((group) => group.length > 0)
      .map((group) => {
        const data: ThreadData = { target, log: this.#log, plans: group, rooms, opening };
        return new Worker(new URL("./thread.mjs", import.meta.url), { workerData: data });
      });
  }

  /** Resolves when all threads have loaded what they need, so that loading is not measured. */
  async ready(): Promise<void> {
    await this.#outstanding();
  }

  /** Connects everybody. Returns how long each took, from the start of its connect until it was in sync. */
  async open(): Promise<number[]> {
    const answers = await this.#ask("open");
    return answers.flatMap((answer) => (answer.command === "open" ? [...answer.openMs] : []));
  }

  /**
   * Lets everybody send, and returns when all has arrived or is given up. `onStart` is called when the warm-up is
   * over and `onEnd` when the last has arrived, for what is measured on the server's side.
   */
  async run(
    warmupMs: number,
    durationMs: number,
    { onStart, onEnd }: { onStart: () => Promise<void>; onEnd: () => Promise<void> },
  ): Promise<void> {
    const start = now() + warmupMs;
    this.#log.span[0] = start;
    this.#log.span[1] = start + durationMs;
    await this.#ask("send");
    await sleep(start - now());
    await onStart();
    await sleep(start + durationMs - now());
    while (now() < start + durationMs + DRAIN_MS && (await this.#outstanding()) > 0) await sleep(POLL_MS);
    await onEnd();
  }

  /** Counts all traffic from now on, for runs in which nobody sends. */
  measure(): void {
    this.#log.span[0] = now();
  }

  /** Ends all connections. */
  async report(): Promise<SwarmReport> {
    const answers = await this.#ask("report");
    await this.stop();
    const reports = answers.flatMap((answer) => (answer.command === "report" ? [answer.report] : []));
    return { ...reports.reduce(add, nothing()), ...countSent(this.#log) };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  async #outstanding(): Promise<number> {
    const answers = await this.#ask("outstanding");
    return answers.reduce(
      (sum, answer) => sum + (answer.command === "outstanding" ? answer.outstanding : 0),
      0,
    );
  }

  #ask(command: Command): Promise<Answer[]> {
    return Promise.all(this.#threads.map((thread) => ask(thread, command)));
  }
}

function ask(thread: Worker, command: Command): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      thread.off("message", answered);
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const answered = (answer: Answer) => {
      thread.off("error", fail);
      if (answer.command === "failed") reject(new Error(answer.message));
      else resolve(answer);
    };
    thread.once("message", answered);
    thread.once("error", fail);
    thread.postMessage(command);
  });
}

function nothing(): SwarmReport {
  return {
    histograms: { edit: new Histogram(), move: new Histogram() },
    sent: 0,
    sentInAll: 0,
    missing: 0,
    framesOut: 0,
    bytesOut: 0,
    lateness: new Histogram(),
    lost: [],
  };
}

function add(sum: SwarmReport, report: ThreadReport): SwarmReport {
  for (const traffic of TRAFFIC) sum.histograms[traffic].merge(new Histogram(report.histograms[traffic]));
  sum.lateness.merge(new Histogram(report.lateness));
  sum.missing += report.missing;
  sum.framesOut += report.framesOut;
  sum.bytesOut += report.bytesOut;
  sum.lost.push(...report.lost);
  return sum;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
