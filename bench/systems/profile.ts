/**
 * A CPU profile of what runs in workerd, over the inspector that `partykit dev` gives it: `Profiler` of the Chrome
 * DevTools protocol. The file can be opened in DevTools; `summarise` says in text where the time went.
 */
import { readdir, readFile, readlink } from "node:fs/promises";
import WebSocket from "ws";
import { z } from "zod";

/** Microseconds between two samples. */
const INTERVAL_US = 200;

/** The kernel's word for it in its table of sockets. */
const LISTENING = "0A";

/** `partykit dev` numbers its own questions from 1, over the same connection. */
const FIRST_QUESTION = 1_000_000;

export const CpuProfile = z.object({
  nodes: z.array(
    z.looseObject({
      id: z.number(),
      children: z.array(z.number()).optional(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
export type CpuProfile = z.infer<typeof CpuProfile>;

const Reply = z.object({ id: z.number().optional(), result: z.unknown().optional() });

/** Starts profiling the workerd among `pids`. What it returns ends it. */
export async function startProfile(pids: number[]): Promise<() => Promise<CpuProfile>> {
  const socket = new WebSocket(await debuggerUrl(pids));
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  let lastId = FIRST_QUESTION;
  const ask = (method: string, params: object = {}): Promise<unknown> => {
    const id = ++lastId;
    const answer = new Promise<unknown>((resolve, reject) => {
      socket.once("close", () => reject(new Error(`the inspector closed, and did not answer ${method}`)));
      const onMessage = (data: WebSocket.RawData) => {
        const reply = Reply.parse(JSON.parse((data as Buffer).toString()));
        if (reply.id !== id) return;
        socket.off("message", onMessage);
        resolve(reply.result);
      };
      socket.on("message", onMessage);
    });
    socket.send(JSON.stringify({ id, method, params }));
    return answer;
  };
  await ask("Profiler.enable");
  await ask("Profiler.setSamplingInterval", { interval: INTERVAL_US });
  await ask("Profiler.start");
  return async () => {
    const { profile } = z.object({ profile: CpuProfile }).parse(await ask("Profiler.stop"));
    socket.close();
    return profile;
  };
}

/** The functions in which most of the time was spent, in shares of the time that was not idle. */
export function summarise(profile: CpuProfile, lines = 20): string {
  const { own, withCallees, total } = times(profile);
  const list = (heading: string, shares: Map<string, number>) => [
    heading,
    ...[...shares]
      .sort(([, a], [, b]) => b - a)
      .slice(0, lines)
      .map(([name, time]) => `${((time / total) * 100).toFixed(1).padStart(5)} %  ${name}`),
  ];
  return [...list("by itself", own), ...list("with all that it calls", withCallees)].join("\n");
}

function times({ nodes, samples, timeDeltas }: CpuProfile) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const callers = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  const own = new Map<string, number>();
  const withCallees = new Map<string, number>();
  let total = 0;
  samples.forEach((sample, i) => {
    const name = names.get(sample) ?? "?";
    if (name === "(idle)") return;
    const time = timeDeltas[i] ?? 0;
    total += time;
    own.set(name, (own.get(name) ?? 0) + time);
    const stack = new Set<string>();
    for (let id: number | undefined = sample; id !== undefined; id = callers.get(id)) {
      stack.add(names.get(id) ?? "?");
    }
    for (const frame of stack) withCallees.set(frame, (withCallees.get(frame) ?? 0) + time);
  });
  return { own, withCallees, total };
}

function nameOf({ functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"]): string {
  const place = url === "" ? "" : `  ${url.split("/").at(-1) ?? ""}:${lineNumber + 1}`;
  return `${functionName === "" ? "(anonymous)" : functionName}${place}`;
}

/** `partykit dev` holds workerd's one inspector connection, and passes on what comes to a port of its own. */
async function debuggerUrl(pids: number[]): Promise<string> {
  for (const pid of pids) {
    for (const port of await listeningPorts(pid)) {
      if (await isInspector(port)) return `ws://127.0.0.1:${port}/ws`;
    }
  }
  throw new Error("only what runs in workerd can be profiled");
}

async function isInspector(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/json/version`, {
      signal: AbortSignal.timeout(500),
    });
    return (await response.text()).includes('"Browser":"partykit');
  } catch {
    // Another protocol, or no answer: one of its other ports.
    return false;
  }
}

async function listeningPorts(pid: number): Promise<number[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.allSettled(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`)));
  const inodes = new Set(
    links.map((link) =>
      link.status === "fulfilled" ? /^socket:\[(\d+)\]$/.exec(link.value)?.[1] : undefined,
    ),
  );
  const tables = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8")));
  return tables
    .flatMap((table) => table.split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTENING && inodes.has(fields[9]))
    .map((fields) => parseInt(fields[1]?.split(":")[1] ?? "", 16));
}
