/**
 * `npm run deploy:partykit`: the rooms, to one's own Cloudflare account.
 *
 * `partykit deploy` bakes the nearest `.env` upwards into the code, and `--with-vars` sends it as variables: run in
 * the checkout, that would be the developer's local secrets. So it runs in an empty private directory, with a
 * configuration that holds exactly the variables that the rooms read, and an empty `.env` that ends the search.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { Env } from "../local-env";
import { pick, required, type Run } from "./commands";
import type { Plan } from "./settings";

const CREDENTIALS = ["CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN", "PARTYKIT_LOGIN", "PARTYKIT_TOKEN"];

/** Everything that the rooms read from their environment, and nothing else. */
const ROOM_VARIABLES = [
  "CONVEX_SITE_URL",
  "COLLABORATION_TOKEN_SECRET",
  "COLLABORATION_TOKEN_SECRET_SECOND",
  "ROOM_SERVICE_SECRET",
  "ROOM_SERVICE_SECRET_SECOND",
  "SITE_URL",
];

/** What of partykit.json has to be changed for another directory; the rest is taken over as it is. */
const Config = z.looseObject({ main: z.string(), parties: z.record(z.string(), z.string()).optional() });

export function deployPartyKit(plan: Plan, settings: Env, run: Run): void {
  const domain = required(settings, "PARTYKIT_DOMAIN");
  const preview = plan.preview === null ? [] : ["--preview", plan.preview];
  withConfiguration({ domain, vars: pick(settings, ROOM_VARIABLES) }, (cwd) => {
    run({
      program: "partykit",
      args: ["deploy", "--domain", domain, "--with-vars", ...preview],
      env: pick(settings, CREDENTIALS),
      cwd,
    });
  });
}

export function deletePartyKitPreview(name: string, settings: Env, run: Run): void {
  // `delete` takes the domain from the configuration only.
  withConfiguration({ domain: required(settings, "PARTYKIT_DOMAIN") }, (cwd) => {
    run({
      program: "partykit",
      args: ["delete", "--preview", name, "--force"],
      env: pick(settings, CREDENTIALS),
      cwd,
    });
  });
}

function withConfiguration(additions: object, use: (cwd: string) => void): void {
  const config = Config.parse(JSON.parse(readFileSync("partykit.json", "utf8")));
  const absolute = {
    ...config,
    main: resolve(config.main),
    ...(config.parties && {
      parties: Object.fromEntries(
        Object.entries(config.parties).map(([name, file]) => [name, resolve(file)]),
      ),
    }),
  };
  // Only its owner can enter a directory that mkdtemp makes.
  const directory = mkdtempSync(join(tmpdir(), "ripple-deploy-"));
  try {
    writeFileSync(join(directory, "partykit.json"), JSON.stringify({ ...absolute, ...additions }), {
      mode: 0o600,
    });
    writeFileSync(join(directory, ".env"), "");
    use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
