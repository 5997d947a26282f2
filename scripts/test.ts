/**
 * `npm test`: everything that says whether this checkout is good. `-- --trace FILE` replays another trace.
 *
 * Static checks first, since they are the fastest to fail. All steps run even when an earlier one failed, so
 * that one run shows all there is to mend. The last line counts real tests; a failed static check or a runner
 * that broke down counts as one failure.
 */
import { spawnSync } from "node:child_process";
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

function runNode(title: string, args: string[], env: Record<string, string> = {}): boolean {
  console.log(`\n— ${title}`);
  const startedAt = Date.now();
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit", env: { ...process.env, ...env } });
  console.log(
    `${title}: ${status === 0 ? "ok" : "FAILED"} (${Math.round((Date.now() - startedAt) / 1000)} s)`,
  );
  return status === 0;
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

function runCheck(title: string, args: string[]): Count {
  return { passed: 0, failed: runNode(title, args) ? 0 : 1 };
}

const VitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

function runVitest(title: string, config: string): Count {
  const file = join(reports, `${title}.json`);
  const ok = runNode(title, [
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

function runPlaywright(): Count {
  const file = join(reports, "playwright.json");
  const ok = runNode(
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

ensureChromium();
const counts = [
  runCheck("format", [binOf("prettier"), "--check", "--log-level=warn", "."]),
  runCheck("lint", [binOf("eslint"), "--max-warnings=0", "."]),
  runCheck("type check", [binOf("typescript", "tsc"), "--build"]),
  runVitest("unit and integration tests", "vitest.config.ts"),
  // The tests of convex/ once more, on the engine that runs it here.
  runVitest("second opinion", "embedded-convex/second_opinion/vitest.config.ts"),
  runPlaywright(),
];
rmSync(reports, { recursive: true });

const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
