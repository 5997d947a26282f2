/** `npm run bench -- page`: how long people wait for the page, in a real Chromium and over real servers. */
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { machine } from "../report";
import { tableOf, type Figure } from "./figure";
import { lists } from "./figures/lists";
import { opening } from "./figures/opening";
import { rooms } from "./figures/rooms";
import { typing } from "./figures/typing";
import { openHouse, type House } from "./house";

type Measure = (house: House, runs: number, slowdowns: readonly number[]) => Promise<Figure[]>;

const MEASURES: Record<string, Measure> = { rooms, opening, typing, lists };

const DEFAULT_RUNS = 15;
const SLOWDOWNS = [1, 4];

export async function runPage(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { runs: { type: "string" }, json: { type: "string" } },
  });
  const names = positionals.length === 0 ? Object.keys(MEASURES) : positionals;
  const measures = names.map((name) => {
    const measure = MEASURES[name];
    if (measure === undefined) throw new Error(`the page has no figures called "${name}"`);
    return measure;
  });
  const runs = Number(values.runs ?? DEFAULT_RUNS);
  if (!(runs >= 1)) throw new Error(`--runs must be a number from 1 on, not "${values.runs ?? ""}"`);

  const house = await openHouse();
  const figures: Figure[] = [];
  try {
    for (const measure of measures) figures.push(...(await measure(house, runs, SLOWDOWNS)));
  } finally {
    await house.close();
  }
  const [load] = loadavg();
  const about = { date: new Date().toISOString(), machine: machine(), load: Number(load?.toFixed(1)) };
  process.stdout.write(`${about.date}, ${about.machine}, load ${about.load}\n\n${tableOf(figures)}\n`);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ ...about, figures }, null, 2)}\n`);
}
