/** `npm run dev:partykit`: the rooms, in workerd, with the secrets of `.env`. */
import { readBackend } from "./backend";
import { ensureLocalEnv } from "./local-env";
import { localPorts } from "./ports";
import { becomeChild, binOf, spawnNode } from "./processes";

const { vite, partykit } = localPorts();
const { siteUrl } = readBackend(process.cwd());
ensureLocalEnv(process.cwd(), { convexSiteUrl: siteUrl, siteUrl: `http://127.0.0.1:${vite.port}` });
await becomeChild(
  spawnNode([
    binOf("partykit"),
    "dev",
    `--port=${partykit.port}`,
    `--var=CONVEX_SITE_URL=${siteUrl}`,
    // Without an account there is nothing to fetch, and npm-run-all owns the keyboard.
    "--disable-request-cf-fetch",
    "--no-hotkeys",
  ]),
);
