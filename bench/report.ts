/** Medians of repeated runs, as a table for people and as JSON for programs. */
import { cpus, totalmem } from "node:os";
import type { Measurement, Params } from "./scenarios/scenario";
import type { SystemName } from "./systems/system";

/** `storageOps` is absent where it cannot be counted, and so is each figure that a scenario does not have. */
export type Result = { system: SystemName } & { [Figure in keyof Measurement]?: number };

export interface ScenarioReport {
  scenario: string;
  params: Params;
  results: Result[];
  date: string;
  machine: string;
  repeats: number;
}

/** Figure by figure: the median run in one respect need not be it in another. */
export function medianOf(system: SystemName, runs: Measurement[]): Result {
  const result: Result = { system };
  const [first] = runs;
  if (first === undefined) return result;
  for (const key of Object.keys(first) as (keyof Measurement)[]) {
    const values = runs.map((run) => run[key]).filter((value) => value !== null);
    const median = middle(values);
    if (median !== undefined) result[key] = Number(median.toPrecision(5));
  }
  return result;
}

function middle(values: number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [below, above] = [sorted[half - 1], sorted[half]];
  if (sorted.length % 2 === 1 || below === undefined || above === undefined) return above;
  return (below + above) / 2;
}

export function machine(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() ?? "unknown CPU"}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, ${process.platform}`;
}

type Column = [heading: string, cell: (result: Result) => string];

/** Markdown, so that it can go into a README as it is. Ratios are Ripple's figure over the peer's. */
export function tableOf({ scenario, params, results }: ScenarioReport): string {
  const ripple = results.find(({ system }) => system === "ripple");
  const has = (key: keyof Measurement) => results.some((result) => result[key] !== undefined);
  const ratio = (key: keyof Measurement) => (result: Result) =>
    ripple?.[key] === undefined || result === ripple || !result[key]
      ? ""
      : `×${(ripple[key] / result[key]).toFixed(2)}`;
  const columns: Column[] = [
    ["system", ({ system }) => system],
    ["p50 ms", ({ p50Ms }) => milliseconds(p50Ms)],
    ["p95 ms", ({ p95Ms }) => milliseconds(p95Ms)],
    ["p99 ms", ({ p99Ms }) => milliseconds(p99Ms)],
    ["p95: ripple/it", ratio("p95Ms")],
    ["server CPU ms", ({ serverCpuMs }) => whole(serverCpuMs)],
    ["CPU: ripple/it", ratio("serverCpuMs")],
    ["frames out", ({ framesOut }) => whole(framesOut)],
    ["MB out", ({ bytesOut }) => (bytesOut === undefined ? "" : (bytesOut / 1e6).toFixed(1))],
    ["RSS MB", ({ rssMB }) => whole(rssMB)],
  ];
  if (has("storageOps")) {
    columns.push([
      "writes/sent",
      ({ storageOps, sent }) => (storageOps === undefined || !sent ? "" : (storageOps / sent).toFixed(2)),
    ]);
  }
  if (has("editP95Ms") && has("moveP95Ms")) {
    columns.push(["edits p50/p95", ({ editP50Ms, editP95Ms }) => pair(editP50Ms, editP95Ms)]);
    columns.push(["moves p50/p95", ({ moveP50Ms, moveP95Ms }) => pair(moveP50Ms, moveP95Ms)]);
  }
  if (has("checkP50Ms")) {
    columns.push(["check p50/p95", ({ checkP50Ms, checkP95Ms }) => pair(checkP50Ms, checkP95Ms)]);
  }
  if (has("connectionKB")) {
    columns.push(["KB/connection", ({ connectionKB }) => whole(connectionKB)]);
    columns.push(["KB/room", ({ roomKB }) => whole(roomKB)]);
  }
  columns.push(["missing", ({ missing }) => whole(missing)]);
  columns.push(["lost", ({ lost }) => whole(lost)]);
  columns.push(["load CPU ms", ({ loadCpuMs }) => whole(loadCpuMs)]);
  columns.push(["load late p95", ({ loadLateP95Ms }) => milliseconds(loadLateP95Ms)]);

  const settings = Object.entries(params)
    .filter(([name, value]) => name !== "trace" && value !== 0)
    .map(([name, value]) => `${value} ${name}`)
    .join(", ");
  return [
    `**${scenario}** (${settings})`,
    "",
    row(columns.map(([heading]) => heading)),
    row(columns.map((_, i) => (i === 0 ? "---" : "---:"))),
    ...results.map((result) => row(columns.map(([, cell]) => cell(result)))),
  ].join("\n");
}

function row(cells: string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function whole(value: number | undefined): string {
  return value === undefined ? "" : String(Math.round(value));
}

function milliseconds(value: number | undefined): string {
  if (value === undefined) return "";
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}

function pair(first: number | undefined, second: number | undefined): string {
  return first === undefined || second === undefined
    ? ""
    : `${milliseconds(first)} / ${milliseconds(second)}`;
}
