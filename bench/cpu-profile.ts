/** What a CPU profile of Node's inspector says, in text. */
import { z } from "zod";

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
type CpuProfile = z.infer<typeof CpuProfile>;

/** The functions in which most of the time was spent, in shares of the time that was not idle. */
export function summarise(profile: CpuProfile, lines = 20): string {
  const { own, withCallees, total } = times(profile);
  const milliseconds = (total / 1_000).toFixed(0);
  const list = (heading: string, shares: Map<string, number>) => [
    heading,
    ...[...shares]
      .sort(([, a], [, b]) => b - a)
      .slice(0, lines)
      .map(([name, time]) => `${((time / total) * 100).toFixed(1).padStart(5)} %  ${name}`),
  ];
  return [...list(`${milliseconds} ms, by itself`, own), ...list("with all that it calls", withCallees)].join(
    "\n",
  );
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
