/**
 * `npm run deploy:convex`: the functions' variables, then the functions.
 *
 * Variables go first, so that new code finds what it needs; a preview has to exist before it can have variables, so
 * there the functions go first. What Convex and PartyKit must agree on is set every time. The session keys are made
 * once, on the deployment's first deploy, and never replaced: that would sign everybody out.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { newAuthKeys, type Env } from "../local-env";
import { pick, required, type Run } from "./commands";
import { partykitHost, type Plan } from "./settings";

const CREDENTIALS = ["CONVEX_DEPLOY_KEY", "CONVEX_SELF_HOSTED_URL", "CONVEX_SELF_HOSTED_ADMIN_KEY"];

const KEPT_EQUAL = ["COLLABORATION_TOKEN_SECRET", "ROOM_SERVICE_SECRET", "SITE_URL"];

const SECOND = ["COLLABORATION_TOKEN_SECRET_SECOND", "ROOM_SERVICE_SECRET_SECOND"];

const AUTH_KEYS = ["JWT_PRIVATE_KEY", "JWKS"];

/**
 * Deploys, and returns the settings with the addresses of a preview, which only now are known. In a dry run nobody
 * tells them, and `assumed` stands for them.
 */
export function deployConvex(plan: Plan, settings: Env, run: Run, assumed: Env | null): Env {
  if (plan.preview === null) {
    setVariables(plan, settings, run);
    run({ program: "convex", args: ["deploy"], env: pick(settings, CREDENTIALS) });
    return settings;
  }
  const addresses = deployPreview(plan.preview, settings, run, assumed);
  setVariables(plan, settings, run);
  return { ...settings, ...addresses };
}

function deployPreview(name: string, settings: Env, run: Run, assumed: Env | null): Env {
  const directory = mkdtempSync(join(tmpdir(), "ripple-deploy-"));
  const file = join(directory, "addresses");
  try {
    // Convex runs this with both addresses in the environment, which it chooses itself.
    const command = `printf '%s\\n%s\\n' "$VITE_CONVEX_URL" "$VITE_CONVEX_SITE_URL" > '${file}'`;
    run({
      program: "convex",
      args: ["deploy", "--preview-name", name, "--cmd-url-env-var-name", "VITE_CONVEX_URL", "--cmd", command],
      env: pick(settings, CREDENTIALS),
    });
    return assumed ?? readAddresses(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function readAddresses(file: string): Env {
  const [url, siteUrl] = readFileSync(file, "utf8").split("\n");
  if (!url || !siteUrl) throw new Error("Convex did not say where the preview is.");
  return { VITE_CONVEX_URL: url, CONVEX_SITE_URL: siteUrl };
}

function setVariables(plan: Plan, settings: Env, run: Run): void {
  const { preview } = plan;
  const env = pick(settings, CREDENTIALS);
  const where = preview === null ? [] : ["--preview-name", preview];
  const listed = run({ program: "convex", args: ["env", "list", "--names-only", ...where], env }, "output");
  const present = listed.split("\n").map((line) => line.trim());

  const missing = AUTH_KEYS.filter((name) => !present.includes(name));
  if (missing.length === 1) {
    throw new Error(
      `The deployment has no ${String(missing[0])}, but the key that belongs to it. Restore it, or remove both.`,
    );
  }
  const values: Env = {
    // The auth library otherwise writes a line for every call, some with an email address in it.
    AUTH_LOG_LEVEL: "ERROR",
    PARTYKIT_URL: `https://${partykitHost(plan, required(settings, "PARTYKIT_DOMAIN"))}`,
    ...pick(settings, [...KEPT_EQUAL, ...SECOND]),
    ...(missing.length > 0 ? newAuthKeys() : {}),
  };
  run({ program: "convex", args: ["env", "set", "--force", ...where], env, input: toDotenv(values) });
  for (const name of SECOND) {
    if (settings[name] !== undefined || !present.includes(name)) continue;
    run({ program: "convex", args: ["env", "remove", name, ...where], env });
  }
}

function toDotenv(values: Env): string {
  // None has a quote or a line break in it: the secrets and addresses were checked, the keys are made that way.
  return Object.entries(values)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join("");
}

/** What of Convex's management API is used: https://api.convex.dev/v1/openapi.json. */
const Deployments = z.array(
  z.object({ name: z.string(), deploymentType: z.string(), previewIdentifier: z.string().nullish() }),
);

/** Deletes a preview's deployment; there may be none, if it expired or was never made. */
export async function deleteConvexPreview(name: string, settings: Env): Promise<void> {
  // The host is Convex's own variable for the same purpose.
  const api = `${process.env.CONVEX_PROVISION_HOST ?? "https://api.convex.dev"}/v1`;
  const headers = { authorization: `Bearer ${required(settings, "CONVEX_MANAGEMENT_TOKEN")}` };
  const project = required(settings, "CONVEX_PROJECT_ID");
  const listed = await fetch(`${api}/projects/${project}/list_deployments?deploymentType=preview`, {
    headers,
  });
  if (!listed.ok) throw new Error(`Convex did not list the project's previews: status ${listed.status}`);

  const deployments = Deployments.parse(await listed.json());
  const found = deployments.filter(
    ({ deploymentType, previewIdentifier }) => deploymentType === "preview" && previewIdentifier === name,
  );
  for (const deployment of found) {
    const deleted = await fetch(`${api}/deployments/${deployment.name}/delete`, { method: "POST", headers });
    if (!deleted.ok) throw new Error(`Convex did not delete ${deployment.name}: status ${deleted.status}`);
  }
}
