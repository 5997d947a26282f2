/**
 * Many open one long document in the same moment. Somebody has written it before, has left, and it is on the disk:
 * the first one to come makes the server load it. A join ends when the content is there.
 */
import { now } from "../load/clock";
import { typeDocument, type TypedDocument } from "../load/document";
import { Histogram } from "../load/histogram";
import { LightClient } from "../load/light-client";
import { Swarm } from "../load/swarm";
import { updateFrame } from "../load/wire";
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

/** Below every server's rate limit. */
const UPDATES_PER_SECOND = 100;

/** Hocuspocus stores two seconds after the last edit. */
const STORED_MS = 3_000;

/** All servers let go of a document when its last client has left. */
const UNLOADED_MS = 1_500;

/** A server may encode the same content in somewhat fewer bytes than its author. */
const WHOLE = 0.9;

let typed: { trace: string | null; document: TypedDocument } | null = null;

export const join: Scenario = {
  what: "many open a long document at once",
  defaults: { clients: 50, hz: 0, seconds: 0, official: 2, rooms: 1, trace: null },
  async run(system, params) {
    if (typed?.trace !== params.trace) typed = { trace: params.trace, document: typeDocument(params.trace) };
    const { document } = typed;
    const room = system.room(0);
    if (system.target.flavor === "floor") await leave(system, room, document);
    else await write(system, room, document);
    return measure(system, params, room, document);
  },
};

/** The floor keeps no document: it gets the frame with which it shall greet. */
async function leave({ target }: RunningSystem, room: string, { whole }: TypedDocument): Promise<void> {
  const body = new Uint8Array(updateFrame(null, whole));
  const response = await fetch(`http://${target.host}/parties/main/${room}`, { method: "POST", body });
  await response.arrayBuffer();
}

async function write(system: RunningSystem, room: string, { updates }: TypedDocument): Promise<void> {
  const author = new LightClient(system.target, await idlePlan(system, room, 0), {
    onFrame: () => undefined,
    onArrival: () => undefined,
    onLost(code) {
      throw new Error(`the author of the document was disconnected with ${code}`);
    },
  });
  await author.open();
  for (const update of updates) {
    author.sendUpdate(update);
    await sleep(1_000 / UPDATES_PER_SECOND);
  }
  await sleep(STORED_MS);
  author.close();
  await sleep(UNLOADED_MS);
}

async function measure(
  system: RunningSystem,
  params: Params,
  room: string,
  { whole }: TypedDocument,
): Promise<Measurement> {
  const official = officials(system, params);
  const plans = await Promise.all(
    Array.from({ length: params.clients }, (_, i) =>
      idlePlan(system, room, i, { official: i < official, awaitBytes: whole.byteLength * WHOLE }),
    ),
  );
  const swarm = new Swarm({ target: system.target, plans, opening: params.clients, seconds: 0 });
  try {
    await swarm.ready();
    const pids = await system.pids();
    const before = { cpuMs: (await usageOf(pids)).cpuMs, load: process.cpuUsage(), at: now() };
    swarm.measure();
    const joins = new Histogram();
    for (const ms of await swarm.open()) joins.add(ms);
    const { cpuMs, rssMB } = await usageOf(pids);
    const load = process.cpuUsage(before.load);
    return {
      ...NOTHING_MEASURED,
      serverCpuMs: cpuMs - before.cpuMs,
      rssMB,
      loadCpuMs: (load.user + load.system) / 1_000,
      ...ofSwarm(await swarm.report()),
      ...quantiles(joins),
    };
  } finally {
    await swarm.stop();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
