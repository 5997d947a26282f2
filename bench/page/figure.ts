/** One measured figure, and how it is summed up. */

export interface Figure {
  what: string;
  /** How much slower the page's processor was made. */
  slowdown: number;
  unit: "ms" | "bytes";
  p50: number;
  p95: number;
  /** How many measurements these are of. */
  runs: number;
  /** What issue 5 asks of the median; `null` where it asks for the figure only. */
  asked: number | null;
}

export type About = Pick<Figure, "what" | "slowdown" | "unit" | "asked">;

/** Sums up; says it at once, for whoever waits for the rest. */
export function figureOf(about: About, values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    if (value === undefined) throw new Error(`${about.what} was never measured`);
    return Number(value.toPrecision(3));
  };
  const figure = { ...about, p50: at(0.5), p95: at(0.95), runs: sorted.length };
  process.stderr.write(`${rowOf(figure)}\n`);
  return figure;
}

/** Markdown, so that it can go into a README as it is. */
export function tableOf(figures: readonly Figure[]): string {
  const head = ["figure", "slowed", "unit", "p50", "p95", "asked of p50", "runs"];
  return [
    `| ${head.join(" | ")} |`,
    "| --- | --- | --- | ---: | ---: | ---: | ---: |",
    ...figures.map(rowOf),
  ].join("\n");
}

function rowOf({ what, slowdown, unit, p50, p95, runs, asked }: Figure): string {
  const cells = [
    what,
    slowdown === 1 ? "" : `${slowdown}×`,
    unit,
    p50,
    p95,
    asked === null ? "" : `< ${asked}`,
    runs,
  ];
  return `| ${cells.join(" | ")} |`;
}
