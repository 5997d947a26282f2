/**
 * Recorded editing sessions of two people in the format of josephg/editing-traces (concurrent traces):
 * each transaction has an agent, `parents` (the transactions it had seen, by index) and patches
 * `[position, deleted, inserted]`, whose positions refer to the text as of its parents.
 */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

const Patch = z.tuple([z.int().nonnegative(), z.int().nonnegative(), z.string()]);

export const Trace = z.object({
  endContent: z.string(),
  numAgents: z.literal(2),
  txns: z.array(
    z.object({
      parents: z.array(z.int().nonnegative()),
      agent: z.union([z.literal(0), z.literal(1)]),
      patches: z.array(Patch),
    }),
  ),
});
export type Trace = z.infer<typeof Trace>;
export type Patch = z.infer<typeof Patch>;

export interface Step {
  /** How many of the other person's transactions this one had seen. */
  seen: number;
  patches: Patch[];
}

/** What each of the two agents does, in its own order. */
export type Script = [Step[], Step[]];

export function readTrace(path: string): Trace {
  const bytes = readFileSync(path);
  const text = path.endsWith(".gz") ? gunzipSync(bytes).toString("utf8") : bytes.toString("utf8");
  return Trace.parse(JSON.parse(text));
}

/** The trace that `--trace` names, the shared recording where it is, or `undefined`. */
export function findTrace(): string | undefined {
  const chosen = process.env.RIPPLE_TRACE;
  if (chosen) return chosen;
  const recorded = "../shared/traces/friendsforever.json.gz";
  return existsSync(recorded) ? recorded : undefined;
}

/**
 * Splits a trace by agent. Throws if an agent's own transactions are not one line of history, which no single
 * client could have produced.
 */
export function toScript(trace: Trace): Script {
  const script: Script = [[], []];
  const known: [number, number][] = [];
  trace.txns.forEach(({ agent, parents, patches }, index) => {
    const seen: [number, number] = [0, 0];
    for (const parent of parents) {
      const has = known[parent];
      if (has === undefined) throw new Error(`transaction ${index} names the later parent ${parent}`);
      seen[0] = Math.max(seen[0], has[0]);
      seen[1] = Math.max(seen[1], has[1]);
    }
    if (seen[agent] !== script[agent].length) {
      throw new Error(`transaction ${index} of agent ${agent} had not seen that agent's previous one`);
    }
    script[agent].push({ seen: agent === 0 ? seen[1] : seen[0], patches });
    seen[agent] += 1;
    known.push(seen);
  });
  return script;
}
