/**
 * Runs the scenarios that the command line names: each system in turn, as often as asked, each time on a fresh
 * server. Repeats go round the systems, so that what disturbs the machine for a while disturbs all of them.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseOptions, USAGE, type Options } from "./options";
import { machine, medianOf, tableOf, type ScenarioReport } from "./report";
import { SCENARIOS } from "./scenarios/all";
import type { Measurement, Params, Scenario } from "./scenarios/scenario";
import { runPage } from "./page/main";
import { printSizes } from "./sizes";
import { startSystem } from "./systems/start";
import { recordCpu } from "./systems/perf";
import type { RunningSystem, SystemName } from "./systems/system";

/** The server of the run that is under way. */
let running: RunningSystem | null = null;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    void (running?.stop() ?? Promise.resolve()).finally(() => process.exit(1));
  });
}

function readOptions(): Options {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
    process.exit(2);
  }
}

async function runOnce(
  name: SystemName,
  scenario: Scenario,
  params: Params,
  profileFile: string | null,
): Promise<Measurement> {
  const system = (running = await startSystem(name, scenario.withConvex === true));
  const observe = profileFile === null ? {} : { observe: () => observeCpu(system, profileFile) };
  try {
    return await scenario.run({ ...system, ...observe }, params);
  } finally {
    running = null;
    await system.stop();
  }
}

async function observeCpu(system: RunningSystem, file: string): Promise<() => Promise<void>> {
  const stop = recordCpu(await system.pids(), file);
  return async () => {
    process.stderr.write(`${file}\n${await stop()}\n`);
  };
}

async function runScenario(name: string, params: Params, options: Options): Promise<ScenarioReport> {
  const scenario = SCENARIOS[name];
  if (scenario === undefined) throw new Error(`there is no scenario "${name}"`);
  const { only } = scenario;
  const systems = options.systems.filter((system) => only?.includes(system) !== false);
  const runs = new Map<SystemName, Measurement[]>(systems.map((system) => [system, []]));
  for (let repeat = 1; repeat <= options.repeats; repeat++) {
    for (const [system, measurements] of runs) {
      process.stderr.write(`${name}, ${repeat} of ${options.repeats}: ${system}\n`);
      const profileFile =
        options.profile === null ? null : join(options.profile, `${name}-${system}-${repeat}.perf`);
      measurements.push(await runOnce(system, scenario, params, profileFile));
    }
  }
  return {
    scenario: name,
    params,
    results: [...runs].map(([system, measurements]) => medianOf(system, measurements)),
    date: new Date().toISOString(),
    machine: machine(),
    repeats: options.repeats,
  };
}

if (process.argv.includes("--help")) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
if (process.argv[2] === "sizes") {
  printSizes();
  process.exit(0);
}
if (process.argv[2] === "page") {
  await runPage(process.argv.slice(3));
  process.exit(0);
}
const options = readOptions();
const reports: ScenarioReport[] = [];
if (options.profile !== null) mkdirSync(options.profile, { recursive: true });
for (const { scenario, params } of options.runs) {
  const report = await runScenario(scenario, params, options);
  reports.push(report);
  process.stdout.write(`\n${tableOf(report)}\n\n`);
  if (options.json === null) continue;
  const [only] = reports;
  writeFileSync(options.json, `${JSON.stringify(options.runs.length === 1 ? only : reports, null, 2)}\n`);
}
// A thread or a socket that a broken run has left behind must not keep the command from ending.
process.exit(0);
