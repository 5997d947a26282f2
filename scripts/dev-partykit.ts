/** `npm run dev:partykit`: the rooms, in workerd, with the secrets of `.env`. */
import { readBackend } from "./backend";
import { ensureLocalEnv } from "./local-env";
import { localPorts } from "./ports";
import { becomeServer, binOf, spawnNode } from "./processes";
import { death } from "./server-death";

const { vite, partykit } = localPorts();
const { siteUrl } = readBackend(process.cwd());
ensureLocalEnv(process.cwd(), {
  convexSiteUrl: siteUrl,
  siteUrl: `http://127.0.0.1:${vite.port}`,
  partykitUrl: `http://127.0.0.1:${partykit.port}`,
});
const args = [
  binOf("partykit"),
  "dev",
  `--port=${partykit.port}`,
  `--var=CONVEX_SITE_URL=${siteUrl}`,
  // Without an account there is nothing to fetch, and npm-run-all owns the keyboard.
  "--disable-request-cf-fetch",
  "--no-hotkeys",
];
await becomeServer(
  () => spawnNode(args),
  (signal) => death(partykit.port, signal),
  "workerd, which runs the rooms, has died. Starting PartyKit again; the rooms find what they had on the disk.",
);
