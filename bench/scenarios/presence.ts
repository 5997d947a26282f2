/**
 * Everybody in a workspace changes pages now and then, each at their own times. A change counts at every other person,
 * from the call of `send` until they have read where the one is, or a later place. Ripple alone has this.
 */
import WebSocket from "ws";
import { TOKEN_PARAM } from "../../protocol/access";
import { PRESENCE_PARTY, PresenceNews, type PresenceRequest } from "../../protocol/presence";
import { workspaceRoomIdFor } from "../../protocol/rooms";
import { now } from "../load/clock";
import { Histogram } from "../load/histogram";
import { randomFrom } from "../load/random";
import { usageOf } from "../systems/usage";
import type { RunningSystem } from "../systems/system";
import { NOTHING_MEASURED, quantiles, type Measurement, type Params, type Scenario } from "./scenario";

const ROOM = workspaceRoomIdFor("bench");
const SETTLE_MS = 1_000;

interface Tab {
  socket: WebSocket;
  /** When it went to its nth page. */
  sentAt: number[];
  /** How many of each other's pages it has heard of, by their number. */
  heard: Map<number, number>;
}

export const presence: Scenario = {
  what: "people in a workspace change pages",
  defaults: { clients: 50, hz: 10 / 60, seconds: 30, official: 0, rooms: 1, trace: null },
  only: ["ripple"],
  async run(system, params) {
    const tabs: Tab[] = [];
    const waits = new Histogram();
    const counts = { sent: 0, framesOut: 0, bytesOut: 0 };
    try {
      for (let i = 0; i < params.clients; i++) tabs.push(await open(system, i));
      await sleep(SETTLE_MS);
      for (const tab of tabs) listen(tab, tabs, waits, counts);
      const pids = await system.pids();
      const before = { cpuMs: (await usageOf(pids)).cpuMs, load: process.cpuUsage() };
      counts.sent = await wander(tabs, params);
      await sleep(SETTLE_MS);
      const { cpuMs, rssMB } = await usageOf(pids);
      const load = process.cpuUsage(before.load);
      const heard = tabs.flatMap((tab) => [...tab.heard.values()]).reduce((sum, each) => sum + each, 0);
      return {
        ...NOTHING_MEASURED,
        ...counts,
        ...quantiles(waits),
        missing: counts.sent * (tabs.length - 1) - heard,
        serverCpuMs: cpuMs - before.cpuMs,
        rssMB,
        loadCpuMs: (load.user + load.system) / 1_000,
      } satisfies Measurement;
    } finally {
      for (const { socket } of tabs) socket.terminate();
    }
  },
};

async function open(system: RunningSystem, index: number): Promise<Tab> {
  const token = (await system.token(ROOM, index)) ?? "";
  const path = `/parties/${PRESENCE_PARTY}/${ROOM}?${TOKEN_PARAM}=${token}`;
  const socket = new WebSocket(`ws://${system.target.host}${path}`, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  return { socket, sentAt: [], heard: new Map() };
}

function listen(
  tab: Tab,
  tabs: Tab[],
  waits: Histogram,
  counts: { framesOut: number; bytesOut: number },
): void {
  tab.socket.on("message", (data) => {
    const at = now();
    if (!Buffer.isBuffer(data)) throw new Error("ws hands out buffers unless it is told otherwise");
    counts.framesOut += 1;
    counts.bytesOut += data.byteLength;
    const news = PresenceNews.parse(JSON.parse(data.toString()));
    if (news.type === "beat") say(tab, { type: "beat" });
    if (news.type !== "changes") return;
    for (const { page } of news.people) {
      const [, sender, number] = /^doc-p(\d+)n(\d+)$/.exec(page ?? "")?.map(Number) ?? [];
      const other = tabs[sender ?? -1];
      if (other === undefined || other === tab || number === undefined || sender === undefined) continue;
      for (let n = tab.heard.get(sender) ?? 0; n <= number; n++) waits.add(at - (other.sentAt[n] ?? at));
      tab.heard.set(sender, number + 1);
    }
  });
}

/** Each at a time of their own, `hz` times a second in the mean. Resolves to how often anybody moved. */
async function wander(tabs: Tab[], { hz, seconds }: Params): Promise<number> {
  const random = randomFrom(1);
  const period = 1_000 / hz;
  const moves = tabs.flatMap((_, index) => {
    const times: { at: number; index: number }[] = [];
    for (let at = random() * period; at < seconds * 1_000; at += period * (0.5 + random()))
      times.push({ at, index });
    return times;
  });
  moves.sort((a, b) => a.at - b.at);
  const start = now();
  for (const { at, index } of moves) {
    await sleep(Math.max(0, start + at - now()));
    const tab = tabs[index];
    if (tab === undefined) continue;
    tab.sentAt.push(now());
    say(tab, { type: "at", page: `doc-p${index}n${tab.sentAt.length - 1}` });
  }
  return moves.length;
}

function say({ socket }: Tab, request: PresenceRequest): void {
  socket.send(JSON.stringify(request));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
