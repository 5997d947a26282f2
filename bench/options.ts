/** The command line: `npm run bench -- [scenario] [options]`. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { SCENARIOS } from "./scenarios/all";
import type { Params } from "./scenarios/scenario";
import { SYSTEMS, type SystemName } from "./systems/system";

/** A recorded session that may lie beside the repository. */
const RECORDED_TRACE = "../shared/traces/automerge-paper.json.gz";

const DEFAULT_REPEATS = 3;

/** What runs when no scenario is named: every one, and the cursors in two sizes. */
const EVERYTHING: [string, Partial<Params>][] = [
  ["text", {}],
  ["cursors", { clients: 40 }],
  ["cursors", { clients: 100 }],
  ["mixed", {}],
  ["quiet", {}],
  ["join", {}],
  ["connect", {}],
  ["rooms", {}],
  ["idle", {}],
  ["presence", {}],
];

export interface Options {
  runs: { scenario: string; params: Params }[];
  systems: SystemName[];
  repeats: number;
  json: string | null;
  /** Where to write recordings of perf. */
  profile: string | null;
}

export const USAGE = `npm run bench -- [scenario] [options]

  scenario        ${Object.entries(SCENARIOS)
    .map(([name, { what }]) => `${name.padEnd(9)} ${what}`)
    .join("\n                  ")}
                  all of them when none is named

  --clients N     how many people
  --hz N          edits or moves per second and person
  --seconds N     how long, after a warm-up of one second
  --official N    how many of them are the system's official provider
  --rooms N       how many rooms (rooms, idle)
  --trace FILE    the document of join, in the format of josephg/editing-traces
  --systems A,B   ${SYSTEMS.join(", ")}
  --repeats N     runs of each system, of which the medians count (${DEFAULT_REPEATS})
  --json FILE     writes the figures as JSON, a list when several scenarios ran
  --profile DIR   records the servers with Linux perf, and says where their time goes (traffic only)`;

/** Throws an error with a message for people when the arguments make no sense. */
export function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      clients: { type: "string" },
      hz: { type: "string" },
      seconds: { type: "string" },
      official: { type: "string" },
      rooms: { type: "string" },
      trace: { type: "string" },
      systems: { type: "string" },
      repeats: { type: "string" },
      json: { type: "string" },
      profile: { type: "string" },
    },
  });
  const [scenario, ...rest] = positionals;
  if (rest.length > 0) throw new Error(`one scenario at a time, not "${positionals.join(" ")}"`);

  const chosen: Partial<Params> = {
    trace: values.trace ?? (existsSync(RECORDED_TRACE) ? RECORDED_TRACE : null),
  };
  for (const name of ["clients", "hz", "seconds", "official", "rooms"] as const) {
    const value = values[name];
    if (value !== undefined) chosen[name] = parseNumber(name, value);
  }
  const runs = scenario === undefined ? EVERYTHING : ([[scenario, {}]] satisfies typeof EVERYTHING);
  return {
    runs: runs.map(([name, params]) => {
      const known = SCENARIOS[name];
      if (known === undefined) throw new Error(`there is no scenario "${name}"`);
      return { scenario: name, params: { ...known.defaults, ...params, ...chosen } };
    }),
    systems: values.systems === undefined ? [...SYSTEMS] : values.systems.split(",").map(parseSystem),
    repeats: values.repeats === undefined ? DEFAULT_REPEATS : parseNumber("repeats", values.repeats),
    json: values.json ?? null,
    profile: values.profile ?? null,
  };
}

function parseNumber(name: string, text: string): number {
  const number = Number(text);
  if (text === "" || !(number >= 0)) throw new Error(`--${name} must be a number, not "${text}"`);
  return number;
}

function parseSystem(name: string): SystemName {
  const known = SYSTEMS.find((system) => system === name);
  if (known === undefined) throw new Error(`there is no system "${name}"`);
  return known;
}
