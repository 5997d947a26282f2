/** Scenarios in which people type and move for a while, and every edit and move is timed. */
import { Histogram } from "../load/histogram";
import { Swarm } from "../load/swarm";
import type { ClientPlan } from "../load/target";
import { usageOf } from "../systems/usage";
import type { RunningSystem } from "../systems/system";
import {
  idlePlan,
  NOTHING_MEASURED,
  officials,
  ofSwarm,
  quantiles,
  type Measurement,
  type Params,
  type Scenario,
} from "./scenario";

const WARMUP_MS = 1_000;

/** After the last one is in: greetings and first saves are not what is measured. */
const SETTLE_MS = 700;

const OPENING = 10;
const TYPING_HZ = 10;

/** What the `n`th of the run's clients does. */
type Role = (n: number, params: Params) => { room: number; editHz: number; moveHz: number };

function traffic(what: string, defaults: Partial<Params>, role: Role): Scenario {
  return {
    what,
    defaults: { clients: 20, hz: 10, seconds: 5, official: 2, rooms: 1, trace: null, ...defaults },
    run: (system, params) => measure(system, params, role),
  };
}

export const text = traffic("everybody types", { clients: 20, hz: 10, seconds: 30 }, (_n, { hz }) => ({
  room: 0,
  editHz: hz,
  moveHz: 0,
}));

export const cursors = traffic("everybody moves", { clients: 100, hz: 30 }, (_n, { hz }) => ({
  room: 0,
  editHz: 0,
  moveHz: hz,
}));

export const mixed = traffic(
  "everybody moves, every fifth types ten letters a second",
  { clients: 50, hz: 30 },
  (n, { hz }) => ({ room: 0, editHz: n % 5 === 0 ? TYPING_HZ : 0, moveHz: hz }),
);

export const quiet = traffic(
  "one types, the others watch",
  { clients: 2, hz: 5, seconds: 10, official: 0 },
  (n, { hz }) => ({ room: 0, editHz: n === 0 ? hz : 0, moveHz: 0 }),
);

export const rooms = traffic(
  "many rooms of a few: one of them types, the others move",
  { clients: 600, rooms: 200, hz: 2 },
  (n, { hz, rooms }) => {
    const types = n < rooms;
    return { room: n % rooms, editHz: types ? hz : 0, moveHz: types ? 0 : hz };
  },
);

async function measure(system: RunningSystem, params: Params, role: Role): Promise<Measurement> {
  const plans = await planClients(system, params, role);
  const openRooms = [...new Set(plans.map(({ room }) => room))];
  const swarm = new Swarm({
    target: system.target,
    plans,
    opening: OPENING,
    seconds: params.seconds + WARMUP_MS / 1_000,
  });
  try {
    await swarm.open();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const writesBefore = await system.storageWrites(openRooms);
    const pids = await system.pids();
    let load = process.cpuUsage();
    let serverCpuMs = 0;
    let rssMB = 0;
    let stopObserving: (() => Promise<void>) | undefined;
    await swarm.run(WARMUP_MS, params.seconds * 1_000, {
      async onStart() {
        stopObserving = await system.observe?.();
        load = process.cpuUsage();
        serverCpuMs = (await usageOf(pids)).cpuMs;
      },
      async onEnd() {
        const after = await usageOf(pids);
        load = process.cpuUsage(load);
        serverCpuMs = after.cpuMs - serverCpuMs;
        rssMB = after.rssMB;
        await stopObserving?.();
      },
    });
    const writes = await system.storageWrites(openRooms);
    const report = await swarm.report();
    const { edit, move } = report.histograms;
    const all = new Histogram();
    all.merge(edit);
    all.merge(move);
    return {
      ...NOTHING_MEASURED,
      serverCpuMs,
      rssMB,
      loadCpuMs: (load.user + load.system) / 1_000,
      // The warm-up writes at the same pace; a server that is asked while it works may answer seconds later.
      storageOps:
        writes === null || writesBefore === null
          ? null
          : ((writes - writesBefore) * report.sent) / Math.max(1, report.sentInAll),
      ...ofSwarm(report),
      ...quantiles(all),
      editP50Ms: edit.quantile(0.5),
      editP95Ms: edit.quantile(0.95),
      moveP50Ms: move.quantile(0.5),
      moveP95Ms: move.quantile(0.95),
    };
  } finally {
    await swarm.stop();
  }
}

function planClients(system: RunningSystem, params: Params, role: Role): Promise<ClientPlan[]> {
  const official = officials(system, params);
  return Promise.all(
    Array.from({ length: params.clients }, (_, index) => {
      const { room, ...rates } = role(index, params);
      const people = Math.ceil(params.clients / Math.max(1, params.rooms));
      return idlePlan(system, system.room(room), index, { official: index < official, people, ...rates });
    }),
  );
}
