/**
 * `npm run deploy`: everything, or with names only those parts, always in the order Convex, PartyKit, page.
 *
 *   npm run deploy -- --dry-run              says what it would run
 *   npm run deploy:partykit                  one part (the same as `npm run deploy -- partykit`)
 *   npm run deploy -- --preview pr-7         beside production
 *   npm run deploy -- --preview pr-7 --delete
 *
 * Settings come from the environment; docs/deploy.md explains each. Nothing starts while one is missing or wrong.
 */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describe, run } from "./deploy/commands";
import { deleteConvexPreview, deployConvex } from "./deploy/convex";
import { checkWrangler, deleteFrontendPreview, deployFrontend } from "./deploy/frontend";
import { deletePartyKitPreview, deployPartyKit } from "./deploy/partykit";
import { readSettings, TARGETS, type Plan, type Target } from "./deploy/settings";
import type { Env } from "./local-env";
import { reasonOf } from "./smoke/fault";

const PREVIEW_ADDRESSES: Env = {
  VITE_CONVEX_URL: "https://to-be-learned.convex.cloud",
  CONVEX_SITE_URL: "https://to-be-learned.convex.site",
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    preview: { type: "string" },
    delete: { type: "boolean", default: false },
    "dry-run": { type: "boolean", default: false },
  },
});

const unknown = positionals.filter((name) => !TARGETS.some((target) => target === name));
if (unknown.length > 0) fail([`No such part: ${unknown.join(", ")}. There are ${TARGETS.join(", ")}.`]);
const includes = (target: Target) => positionals.length === 0 || positionals.includes(target);
const plan: Plan = {
  action: options.delete ? "delete" : "deploy",
  targets: TARGETS.filter(includes),
  preview: options.preview ?? null,
};

const env: Env = {};
for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
const reading = readSettings(plan, env, {
  partykitLogin: existsSync(join(homedir(), ".partykit", "config.json")),
});
if (reading.kind === "incomplete") fail(["Nothing was deployed.", ...reading.problems]);

try {
  if (plan.action === "delete") await deleteAll(plan, reading.settings);
  else deployAll(plan, reading.settings);
} catch (error) {
  fail([reasonOf(error)]);
}

function deployAll(plan: Plan, known: Env): void {
  const isDryRun = options["dry-run"];
  const execute = isDryRun ? describe : run;
  let settings = known;
  const parts: [Target, () => void][] = [
    ["convex", () => (settings = deployConvex(plan, settings, execute, isDryRun ? PREVIEW_ADDRESSES : null))],
    ["partykit", () => deployPartyKit(plan, settings, execute)],
    ["frontend", () => deployFrontend(plan, settings, isDryRun, execute)],
  ];
  const finished: Target[] = [];
  try {
    if (includes("frontend")) checkWrangler(execute);
    for (const [target, deploy] of parts) {
      if (!includes(target)) continue;
      deploy();
      finished.push(target);
    }
  } catch (error) {
    const left = plan.targets.filter((target) => !finished.includes(target));
    throw new Error(
      `${reasonOf(error)}\nDeployed: ${finished.join(", ") || "nothing"}. Not deployed: ${left.join(", ")}. When it is mended, run the same again: what is there already is no obstacle.`,
      { cause: error },
    );
  }
  if (includes("frontend"))
    console.log(`\n${isDryRun ? "Would be" : "Deployed"}: ${settings.SITE_URL ?? ""}`);
}

/** In the reverse order, and all of it even when a part fails: what is left over costs money and keeps data. */
async function deleteAll({ preview }: Plan, settings: Env): Promise<void> {
  if (preview === null) return;
  const isDryRun = options["dry-run"];
  const execute = isDryRun ? describe : run;
  const parts: [Target, () => void | Promise<void>][] = [
    ["frontend", () => deleteFrontendPreview(preview, settings, execute)],
    ["partykit", () => deletePartyKitPreview(preview, settings, execute)],
    [
      "convex",
      () =>
        isDryRun
          ? console.log(`would ask Convex's management API to delete the preview ${preview}`)
          : deleteConvexPreview(preview, settings),
    ],
  ];
  const failures: string[] = [];
  for (const [target, remove] of parts) {
    if (!includes(target)) continue;
    try {
      await remove();
    } catch (error) {
      failures.push(`${target}: ${reasonOf(error)}`);
    }
  }
  if (failures.length > 0)
    throw new Error(`Not everything of ${preview} was deleted.\n${failures.join("\n")}`);
}

function fail(lines: string[]): never {
  for (const line of lines) console.error(line);
  process.exit(1);
}
