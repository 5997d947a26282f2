/**
 * One thread of the load: some of a run's clients, and the clock by which they move and type.
 * It does what its parent asks (`Command`), one command at a time, and answers each (`Answer`).
 */
import { parentPort, workerData } from "node:worker_threads";
import { now } from "./clock";
import type { Client, ClientEvents } from "./client";
import { Histogram } from "./histogram";
import { Journeys, TRAFFIC, type SharedLog, type Traffic } from "./journey";
import { randomFrom } from "./random";
import { LightClient } from "./light-client";
import { OfficialClient } from "./official-client";
import type { ClientPlan, Target } from "./target";

export interface ThreadData {
  target: Target;
  log: SharedLog;
  plans: ClientPlan[];
  /** The clients of each room, those of other threads included. */
  rooms: Map<string, number[]>;
  /** Clients that are being opened at the same time. */
  opening: number;
}

export type Command = "open" | "send" | "outstanding" | "report";

export type Answer =
  | { command: "open"; openMs: Float64Array }
  | { command: "send" }
  | { command: "outstanding"; outstanding: number }
  | { command: "report"; report: ThreadReport }
  | { command: "failed"; message: string };

export interface ThreadReport {
  histograms: Record<Traffic, Uint32Array<ArrayBuffer>>;
  missing: number;
  framesOut: number;
  bytesOut: number;
  /** How late this thread was with what it should have sent: beyond a few milliseconds it measures itself. */
  lateness: Uint32Array<ArrayBuffer>;
  lost: number[];
}

interface Duty {
  client: Client;
  index: number;
  traffic: Traffic;
  periodMs: number;
  dueAt: number;
}

const port = parentPort;
if (port === null) throw new Error("this is a thread, not a program");
const { target, log, plans, rooms, opening } = workerData as ThreadData;

const journeys = new Journeys(log);
const lateness = new Histogram();
const clients: Client[] = [];
const duties: Duty[] = [];
const lost: number[] = [];
const random = randomFrom(plans[0]?.index ?? 0);
let framesOut = 0;
let bytesOut = 0;

function isMeasured(): boolean {
  return now() >= (log.span[0] ?? Infinity);
}

function createClient(plan: ClientPlan): Client {
  const events: ClientEvents = {
    onFrame(bytes) {
      if (!isMeasured()) return;
      framesOut += 1;
      bytesOut += bytes;
    },
    onArrival: (sender, traffic, number) => journeys.arrive(plan.index, sender, traffic, number),
    onLost: (code) => lost.push(code),
  };
  journeys.addReceiver(plan.index, rooms.get(plan.room) ?? []);
  const client = plan.official
    ? new OfficialClient(target, plan, events)
    : new LightClient(target, plan, events);
  for (const [traffic, hz] of [
    ["edit", plan.editHz],
    ["move", plan.moveHz],
  ] as const) {
    if (hz > 0) duties.push({ client, index: plan.index, traffic, periodMs: 1_000 / hz, dueAt: Infinity });
  }
  return client;
}

async function open(): Promise<Float64Array> {
  const openMs = new Float64Array(plans.length);
  const queue = plans.entries();
  const openSome = async () => {
    for (const [i, plan] of queue) {
      const client = createClient(plan);
      clients.push(client);
      const from = now();
      await client.open();
      openMs[i] = now() - from;
    }
  };
  await Promise.all(Array.from({ length: opening }, openSome));
  return openMs;
}

/**
 * Everybody sends at their own times, until the measurement ends: the pauses between two edits or moves are between
 * half and one and a half periods. In step, they would meet a server's ticks always in the same place.
 */
function startSending(): void {
  const from = now();
  for (const duty of duties) duty.dueAt = from + random() * duty.periodMs;
  const tick = () => {
    const end = log.span[1] ?? Infinity;
    if (now() >= end) return;
    for (const duty of duties) sendIfDue(duty, end);
    setTimeout(tick, 1);
  };
  tick();
}

function sendIfDue(duty: Duty, end: number): void {
  for (let at = now(); duty.dueAt <= at && at < end; at = now()) {
    if (isMeasured()) lateness.add(at - duty.dueAt);
    duty.client.send(duty.traffic, journeys.depart(duty.index, duty.traffic));
    duty.dueAt += duty.periodMs * (0.5 + random());
  }
}

function report(): ThreadReport {
  const missing = journeys.giveUp();
  for (const client of clients) client.close();
  const [edit, move] = TRAFFIC.map((traffic) => journeys.histograms[traffic].counts);
  if (edit === undefined || move === undefined) throw new Error("there are two kinds of traffic");
  return { histograms: { edit, move }, missing, framesOut, bytesOut, lateness: lateness.counts, lost };
}

async function obey(command: Command): Promise<Answer> {
  switch (command) {
    case "open":
      return { command, openMs: await open() };
    case "send":
      startSending();
      return { command };
    case "outstanding":
      return { command, outstanding: journeys.outstanding() };
    case "report":
      return { command, report: report() };
  }
}

port.on("message", (command: Command) => {
  obey(command).then(
    (answer) => port.postMessage(answer),
    (error: unknown) => port.postMessage({ command: "failed", message: String(error) } satisfies Answer),
  );
});
