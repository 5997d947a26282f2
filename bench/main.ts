/**
 * Runs the scenarios that the command line names: each system in turn, as often as asked, each time on a fresh
 * server. Repeats go round the systems, so that what disturbs the machine for a while disturbs all of them.
 */
import { writeFileSync } from "node:fs";
import { parseOptions, USAGE, type Options } from "./options";
import { machine, medianOf, tableOf, type ScenarioReport } from "./report";
import { SCENARIOS } from "./scenarios/all";
import type { Measurement, Params, Scenario } from "./scenarios/scenario";
import { startSystem } from "./systems/start";
import type { SystemName } from "./systems/system";

function readOptions(): Options {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
    process.exit(2);
  }
}

async function runOnce(name: SystemName, scenario: Scenario, params: Params): Promise<Measurement> {
  const system = await startSystem(name, scenario.withConvex === true);
  try {
    return await scenario.run(system, params);
  } finally {
    await system.stop();
  }
}

async function runScenario(name: string, params: Params, options: Options): Promise<ScenarioReport> {
  const scenario = SCENARIOS[name];
  if (scenario === undefined) throw new Error(`there is no scenario "${name}"`);
  const runs = new Map<SystemName, Measurement[]>(options.systems.map((system) => [system, []]));
  for (let repeat = 1; repeat <= options.repeats; repeat++) {
    for (const [system, measurements] of runs) {
      process.stderr.write(`${name}, ${repeat} of ${options.repeats}: ${system}\n`);
      measurements.push(await runOnce(system, scenario, params));
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

const options = readOptions();
const reports: ScenarioReport[] = [];
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
