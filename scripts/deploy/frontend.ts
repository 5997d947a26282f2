/**
 * `npm run deploy:frontend`: the page, built with the addresses of the other two, as static assets on Cloudflare.
 *
 * Beside the build lie `_headers` (see headers.ts) and `deployment.json`, which tells the smoke test where this
 * page's Convex and rooms are.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "../local-env";
import { pick, ProgramFailed, required, type Run } from "./commands";
import { headersFile } from "./headers";
import { pageWorker, partykitHost, type Plan } from "./settings";

export const BUILD_DIRECTORY = "dist";

const CREDENTIALS = ["CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN"];

const CONFIGURATION = ["--config", "deploy/wrangler.jsonc"];

/** As wrangler's package.json says. */
const WRANGLER_NEEDS_NODE = [22, 12] as const;

/** What to tell somebody whose Node, `20.20.0`, is too old for wrangler, or `null`. */
export function wranglerProblem(nodeVersion: string): string | null {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  const [needsMajor, needsMinor] = WRANGLER_NEEDS_NODE;
  if (major > needsMajor || (major === needsMajor && minor >= needsMinor)) return null;
  return `This is Node ${nodeVersion}, and wrangler, which deploys the page, needs ${needsMajor}.${needsMinor} or newer: it will refuse, before anything is deployed.`;
}

/** Fails where wrangler cannot run at all, so that this shows before anything has been deployed. */
export function checkWrangler(run: Run): void {
  const problem = wranglerProblem(process.versions.node);
  if (problem !== null) console.error(problem);
  run({ program: "wrangler", args: ["--version"], env: {} });
}

export function deployFrontend(plan: Plan, settings: Env, isDryRun: boolean, run: Run): void {
  const addresses = {
    convexUrl: required(settings, "VITE_CONVEX_URL"),
    partykitHost: partykitHost(plan, required(settings, "PARTYKIT_DOMAIN")),
  };
  run({
    program: "vite",
    args: ["build", "--outDir", BUILD_DIRECTORY, "--emptyOutDir"],
    env: { VITE_CONVEX_URL: addresses.convexUrl, VITE_PARTYKIT_HOST: addresses.partykitHost },
  });
  if (!isDryRun) {
    writeFileSync(join(BUILD_DIRECTORY, "_headers"), headersFile(addresses));
    writeFileSync(join(BUILD_DIRECTORY, "deployment.json"), JSON.stringify(addresses));
  }
  const { hostname } = new URL(required(settings, "SITE_URL"));
  // workers.dev is where a worker without a domain of its own is anyway.
  const domain = hostname.endsWith(".workers.dev") ? [] : ["--domain", hostname];
  run({
    program: "wrangler",
    args: ["deploy", ...CONFIGURATION, "--name", pageWorker(plan.preview), ...domain],
    env: pick(settings, CREDENTIALS),
  });
}

/** Cloudflare's codes for a worker that does not exist: of the script, and of the service around it. */
const NO_SUCH_WORKER = /\[code: (10007|10090)\]/;

/** A preview whose deployment failed half-way has no page. That is no reason to say that it could not be deleted. */
export function deleteFrontendPreview(name: string, settings: Env, run: Run): void {
  const args = ["delete", ...CONFIGURATION, "--name", pageWorker(name), "--force"];
  try {
    run({ program: "wrangler", args, env: pick(settings, CREDENTIALS) }, "complaint");
  } catch (error) {
    if (!(error instanceof ProgramFailed) || !NO_SUCH_WORKER.test(error.complaint)) throw error;
    console.log(`There is no page of ${name}.`);
  }
}
