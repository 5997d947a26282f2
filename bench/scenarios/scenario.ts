/** What a scenario is, and what one run of it yields. */
import type { Histogram } from "../load/histogram";
import type { SwarmReport } from "../load/swarm";
import type { ClientPlan } from "../load/target";
import type { RunningSystem, SystemName } from "../systems/system";

/** What the command line can set. Each scenario has its own defaults. */
export interface Params {
  clients: number;
  /** Edits or moves per second and client. */
  hz: number;
  seconds: number;
  /** Clients that are official providers. */
  official: number;
  rooms: number;
  /** A trace in the format of josephg/editing-traces; `null`: a generated text of the same size. */
  trace: string | null;
}

/** `null`: there is no such figure for this system. */
export interface Measurement {
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  serverCpuMs: number;
  /** Frames and bytes that the clients got from the server. */
  framesOut: number;
  bytesOut: number;
  storageOps: number | null;
  rssMB: number;
  /** Of edits alone, and of moves alone, where a scenario has both. */
  editP50Ms: number | null;
  editP95Ms: number | null;
  moveP50Ms: number | null;
  moveP95Ms: number | null;
  /** Edits and moves that were sent, and arrivals of them that were due and did not happen. */
  sent: number;
  missing: number;
  /** Connections that the server ended. */
  lost: number;
  /** CPU time of the load itself, and how late it was with what it should have sent. */
  loadCpuMs: number;
  loadLateP95Ms: number | null;
  /** Memory per connection and per room, where that is what is measured. */
  connectionKB: number | null;
  roomKB: number | null;
  /** The access check alone, asked for from outside. */
  checkP50Ms: number | null;
  checkP95Ms: number | null;
}

export interface Scenario {
  what: string;
  defaults: Params;
  /** Ripple asks the real Convex, because that is part of what is measured. */
  withConvex?: boolean;
  /** The systems that have what is measured. Absent: all. */
  only?: readonly SystemName[];
  run(system: RunningSystem, params: Params): Promise<Measurement>;
}

export const NOTHING_MEASURED: Measurement = {
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  serverCpuMs: 0,
  framesOut: 0,
  bytesOut: 0,
  storageOps: null,
  rssMB: 0,
  editP50Ms: null,
  editP95Ms: null,
  moveP50Ms: null,
  moveP95Ms: null,
  sent: 0,
  missing: 0,
  lost: 0,
  loadCpuMs: 0,
  loadLateP95Ms: null,
  connectionKB: null,
  roomKB: null,
  checkP50Ms: null,
  checkP95Ms: null,
};

export function quantiles(histogram: Histogram): Pick<Measurement, "p50Ms" | "p95Ms" | "p99Ms"> {
  return {
    p50Ms: histogram.quantile(0.5),
    p95Ms: histogram.quantile(0.95),
    p99Ms: histogram.quantile(0.99),
  };
}

/** What every run knows from its clients. */
export function ofSwarm({
  sent,
  framesOut,
  bytesOut,
  missing,
  lost,
  lateness,
}: SwarmReport): Partial<Measurement> {
  return { sent, framesOut, bytesOut, missing, lost: lost.length, loadLateP95Ms: lateness.quantile(0.95) };
}

/** Which of `count` clients are official: none on the floor, which has no protocol to be official about. */
export function officials(system: RunningSystem, params: Params): number {
  return system.target.flavor === "floor" ? 0 : Math.min(params.official, params.clients);
}

/** A client that is there and does nothing by itself. */
export async function idlePlan(
  system: RunningSystem,
  room: string,
  index: number,
  more: Partial<ClientPlan> = {},
): Promise<ClientPlan> {
  const token = await system.token(room, index);
  return { index, room, people: 1, official: false, token, editHz: 0, moveHz: 0, awaitBytes: 0, ...more };
}
