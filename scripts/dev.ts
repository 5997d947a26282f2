/**
 * `npm run dev`: the whole of Ripple on this machine.
 *
 * Prepares local secrets, checks the ports, starts Vite, Convex and PartyKit under one npm-run-all, waits
 * until each answers, and prints the address. Stopping this stops all three.
 */
import { readBackend } from "./backend";
import { ensureLocalEnv } from "./local-env";
import { describeTakenPorts, localPorts } from "./ports";
import { binOf, becomeChild, spawnNode } from "./processes";
import { waitUntilAnswers } from "./wait-until-answers";

const READY_TIMEOUT_MS = 120_000;

const ports = localPorts();
const backend = readBackend(process.cwd());
const pageUrl = `http://127.0.0.1:${ports.vite.port}`;

const needed = backend.kind === "embedded" ? Object.values(ports) : [ports.vite, ports.partykit];
const taken = await describeTakenPorts(needed);
if (taken.length > 0) {
  for (const message of taken) console.error(message);
  process.exit(1);
}
const partykitUrl = `http://127.0.0.1:${ports.partykit.port}`;
ensureLocalEnv(process.cwd(), { convexSiteUrl: backend.siteUrl, siteUrl: pageUrl, partykitUrl });

const all = spawnNode(
  [
    binOf("npm-run-all"),
    "--parallel",
    "--race",
    "--print-label",
    "dev:frontend",
    "dev:backend",
    "dev:partykit",
  ],
  { stdio: ["ignore", "inherit", "inherit"] },
);

Promise.all([
  waitUntilAnswers(pageUrl, READY_TIMEOUT_MS),
  waitUntilAnswers(`${backend.url}/version`, READY_TIMEOUT_MS),
  waitUntilAnswers(partykitUrl, READY_TIMEOUT_MS),
]).then(
  () => {
    console.log(`\n  Ripple is ready: ${pageUrl}\n`);
  },
  (error: unknown) => {
    console.error(`Ripple did not start: ${String(error)}`);
    process.kill(process.pid, "SIGTERM");
  },
);

await becomeChild(all);
