/**
 * `npm test`: everything that says whether this checkout is good. `-- --trace FILE` replays another trace.
 *
 * What only computes runs beside the tests that mostly wait for servers; the browsers, which need the machine for
 * themselves, come last. All steps run even when an earlier one failed, so that one run shows all there is to mend. The
 * last line counts real tests; a failed static check or a runner that broke down counts as one failure.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ensureChromium } from "./chromium";
import { binOf } from "./processes";

interface Count {
  passed: number;
  failed: number;
}

const { values } = parseArgs({ options: { trace: { type: "string" } } });
const reports = mkdtempSync(join(tmpdir(), "ripple-test-"));

/** What a step prints comes in one piece when it has ended, since another may run beside it. */
async function runNode(title: string, args: string[], env: Record<string, string> = {}): Promise<boolean> {
  const startedAt = Date.now();
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log(`\n— ${title}\n${Buffer.concat(output).toString().trim()}`);
  console.log(`${title}: ${code === 0 ? "ok" : "FAILED"} (${seconds} s)`);
  return code === 0;
}

/** What a runner reports. One that died without a report, or failed outside its tests, is one failure more. */
function countTests(ok: boolean, read: () => Count): Count {
  let count: Count;
  try {
    count = read();
  } catch (error) {
    console.error(`The runner left no report: ${String(error)}`);
    return { passed: 0, failed: 1 };
  }
  return !ok && count.failed === 0 ? { ...count, failed: 1 } : count;
}

async function runCheck(title: string, args: string[]): Promise<Count> {
  return { passed: 0, failed: (await runNode(title, args)) ? 0 : 1 };
}

const VitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

async function runVitest(title: string, config: string): Promise<Count> {
  const file = join(reports, `${title}.json`);
  const ok = await runNode(title, [
    binOf("vitest"),
    "run",
    `--config=${config}`,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ]);
  return countTests(ok, () => {
    const report = VitestReport.parse(JSON.parse(readFileSync(file, "utf8")));
    return { passed: report.numPassedTests, failed: report.numFailedTests };
  });
}

const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
});

async function runPlaywright(): Promise<Count> {
  const file = join(reports, "playwright.json");
  const ok = await runNode(
    "end to end in Chromium",
    [binOf("@playwright/test", "playwright"), "test", "--reporter=list,json"],
    {
      PLAYWRIGHT_JSON_OUTPUT_FILE: file,
      ...(values.trace === undefined ? {} : { RIPPLE_TRACE: resolve(values.trace) }),
    },
  );
  return countTests(ok, () => {
    const { stats } = PlaywrightReport.parse(JSON.parse(readFileSync(file, "utf8")));
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
  });
}

async function runWhatComputes(): Promise<Count[]> {
  return [
    await runCheck("format", [binOf("prettier"), "--check", "--log-level=warn", "."]),
    await runCheck("lint", [binOf("eslint"), "--max-warnings=0", "."]),
    await runCheck("type check", [binOf("typescript", "tsc"), "--build"]),
    // The tests of convex/ once more, on the engine that runs it here.
    await runVitest("second opinion", "embedded-convex/second_opinion/vitest.config.ts"),
  ];
}

ensureChromium();
const [computed, waited] = await Promise.all([
  runWhatComputes(),
  runVitest("unit and integration tests", "vitest.config.ts"),
]);
const counts = [...computed, waited, await runPlaywright()];
rmSync(reports, { recursive: true });

const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
