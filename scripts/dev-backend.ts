/**
 * `npm run dev:backend`: Convex.
 *
 * With a configured deployment (CONVEX_DEPLOYMENT or CONVEX_SELF_HOSTED_URL, in the shell or in .env.local)
 * that is `convex dev`, after giving the deployment the variables that the functions need and it lacks.
 * Otherwise it is the embedded Convex.
 */
import { spawnSync } from "node:child_process";
import { readBackend } from "./backend";
import { ensureLocalEnv } from "./local-env";
import { localPorts } from "./ports";
import { becomeChild, binOf, spawnNode } from "./processes";

const ports = localPorts();
const backend = readBackend(process.cwd());
const { convex: variables } = ensureLocalEnv(process.cwd(), {
  convexSiteUrl: backend.siteUrl,
  siteUrl: `http://127.0.0.1:${ports.vite.port}`,
  partykitUrl: `http://127.0.0.1:${ports.partykit.port}`,
});

function convexCli(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binOf("convex"), ...args], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`\`convex ${args.slice(0, 3).join(" ")}\` failed:\n${stderr}`);
  return stdout;
}

/** What the deployment already has is never replaced, except what PartyKit's `.env` must agree with. */
function completeDeploymentVariables(): void {
  const present = convexCli("env", "list");
  const value = (name: string) =>
    present
      .split("\n")
      .find((line) => line.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  const mustAgree = ["COLLABORATION_TOKEN_SECRET", "ROOM_SERVICE_SECRET"];
  for (const [name, wanted] of Object.entries(variables)) {
    const has = value(name);
    if (has === undefined || (mustAgree.includes(name) && has !== wanted)) {
      convexCli("env", "set", "--", name, wanted);
    }
  }
}

if (backend.kind === "deployment") {
  completeDeploymentVariables();
  await becomeChild(spawnNode([binOf("convex"), "dev"]));
} else {
  await becomeChild(
    spawnNode([
      "embedded-convex/start.mjs",
      `--port=${ports.convex.port}`,
      `--site-port=${ports.convexSite.port}`,
    ]),
  );
}
