/**
 * One connects after the other, and all stay. A connect ends with the answer to the first sync, so it contains all
 * that a server does before it lets somebody in; Ripple asks the real Convex, the others ask nobody.
 */
import { Histogram } from "../load/histogram";
import { Swarm } from "../load/swarm";
import { usageOf } from "../systems/usage";
import {
  idlePlan,
  NOTHING_MEASURED,
  officials,
  ofSwarm,
  quantiles,
  type Measurement,
  type Scenario,
} from "./scenario";

export const connect: Scenario = {
  what: "one connects after the other",
  defaults: { clients: 100, hz: 0, seconds: 0, official: 2, rooms: 1, trace: null },
  withConvex: true,
  async run(system, params): Promise<Measurement> {
    const official = officials(system, params);
    const room = system.room(0);
    const plans = await Promise.all(
      Array.from({ length: params.clients }, (_, i) => idlePlan(system, room, i, { official: i < official })),
    );
    const checks = new Histogram();
    if (system.accessCheck !== undefined) {
      for (let i = 0; i < params.clients; i++) checks.add(await system.accessCheck());
    }
    const swarm = new Swarm({ target: system.target, plans, opening: 1, seconds: 0 });
    try {
      await swarm.ready();
      const pids = await system.pids();
      const before = { cpuMs: (await usageOf(pids)).cpuMs, load: process.cpuUsage() };
      swarm.measure();
      const connects = new Histogram();
      for (const ms of await swarm.open()) connects.add(ms);
      const { cpuMs, rssMB } = await usageOf(pids);
      const load = process.cpuUsage(before.load);
      return {
        ...NOTHING_MEASURED,
        serverCpuMs: cpuMs - before.cpuMs,
        rssMB,
        loadCpuMs: (load.user + load.system) / 1_000,
        checkP50Ms: checks.quantile(0.5),
        checkP95Ms: checks.quantile(0.95),
        ...ofSwarm(await swarm.report()),
        ...quantiles(connects),
      };
    } finally {
      await swarm.stop();
    }
  },
};
