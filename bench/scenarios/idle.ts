/**
 * What people cost who only are there: memory per connection, in one room, then memory per room with one connection
 * each, then the CPU time of nothing happening. `p50Ms` and the like are of the connects.
 */
import { Histogram } from "../load/histogram";
import { Swarm, type SwarmReport } from "../load/swarm";
import type { RunningSystem } from "../systems/system";
import { usageOf } from "../systems/usage";
import { idlePlan, NOTHING_MEASURED, ofSwarm, quantiles, type Scenario } from "./scenario";

/** The first few connections load code; they are not what the next one costs. */
const FIRST_CLIENTS = 10;

/** Until the servers have come to rest. */
const REST_MS = 1_500;

export const idle: Scenario = {
  what: "people who only are there",
  defaults: { clients: 150, hz: 0, seconds: 5, official: 0, rooms: 150, trace: null },
  async run(system, params) {
    const first = await join(system, FIRST_CLIENTS, () => system.room(0));
    const before = await rest(system);
    const crowd = await join(system, params.clients, () => system.room(0));
    const withCrowd = await rest(system);
    const singles = await join(system, params.rooms, (n) => system.room(n + 1));
    const withRooms = await rest(system);
    const load = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, params.seconds * 1_000));
    const after = await usageOf(await system.pids());
    const { user, system: kernel } = process.cpuUsage(load);

    const connects = new Histogram();
    const reports: SwarmReport[] = [];
    for (const { swarm, openMs } of [first, crowd, singles]) {
      for (const ms of openMs) connects.add(ms);
      reports.push(await swarm.report());
    }
    const sum = (key: "framesOut" | "bytesOut") => reports.reduce((total, report) => total + report[key], 0);
    return {
      ...NOTHING_MEASURED,
      serverCpuMs: after.cpuMs - withRooms.cpuMs,
      rssMB: after.rssMB,
      loadCpuMs: (user + kernel) / 1_000,
      connectionKB: ((withCrowd.rssMB - before.rssMB) * 1_024) / params.clients,
      roomKB: ((withRooms.rssMB - withCrowd.rssMB) * 1_024) / params.rooms,
      ...reports.map(ofSwarm).at(0),
      lost: reports.reduce((total, { lost }) => total + lost.length, 0),
      framesOut: sum("framesOut"),
      bytesOut: sum("bytesOut"),
      ...quantiles(connects),
    };
  },
};

async function join(system: RunningSystem, count: number, room: (n: number) => string) {
  const plans = await Promise.all(Array.from({ length: count }, (_, n) => idlePlan(system, room(n), n)));
  const swarm = new Swarm({ target: system.target, plans, opening: 10, seconds: 0 });
  await swarm.ready();
  swarm.measure();
  return { swarm, openMs: await swarm.open() };
}

async function rest(system: RunningSystem) {
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  return usageOf(await system.pids());
}
