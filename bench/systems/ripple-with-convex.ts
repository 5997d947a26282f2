/**
 * Ripple with the real embedded Convex, for what a connect costs: somebody signs in, has a document, and is let into
 * its room by the functions of `convex/`. Both processes count as the server.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { api } from "../../convex/_generated/api";
import { startPartyKit } from "../../partykit/tests/server-process";
import { ACCESS_PATH } from "../../protocol/access";
import { ensureLocalEnv } from "../../scripts/local-env";
import { freePort } from "../../scripts/ports";
import { binOf, signalGroup, spawnNode } from "../../scripts/processes";
import { waitUntilAnswers } from "../../scripts/wait-until-answers";
import { now } from "../load/clock";
import { rippleOf } from "./partykit";
import type { RunningSystem } from "./system";

const START_TIMEOUT_MS = 60_000;

export async function startRippleWithConvex(): Promise<RunningSystem> {
  const directory = await mkdtemp(join(tmpdir(), "ripple-bench-"));
  const data = join(directory, ".embedded-convex");
  await mkdir(data);
  const [convexPort, sitePort] = [await freePort(), await freePort()];
  const convexSiteUrl = `http://127.0.0.1:${sitePort}`;
  const { partykit: vars } = ensureLocalEnv(directory, {
    convexSiteUrl,
    siteUrl: "http://127.0.0.1",
    // Nothing is deleted here, so nobody is asked.
    partykitUrl: "http://127.0.0.1",
  });
  const convex = spawnNode(
    [
      binOf("tsx"),
      "embedded-convex/main.ts",
      `--data=${data}`,
      `--env-file=${join(data, ".env")}`,
      `--port=${convexPort}`,
      `--site-port=${sitePort}`,
      "--no-codegen",
    ],
    { stdio: ["ignore", "ignore", 2] },
  );
  await waitUntilAnswers(`http://127.0.0.1:${convexPort}/version`, START_TIMEOUT_MS);
  const server = await startPartyKit({ vars });

  const client = new ConvexHttpClient(`http://127.0.0.1:${convexPort}`);
  const { tokens } = await client.action(api.auth.signIn, {
    provider: "anonymous",
    params: { name: "Somebody" },
  });
  if (!tokens) throw new Error("nobody could sign in");
  client.setAuth(tokens.token);
  const resourceId = await client.mutation(api.documents.create, { title: "Measured" });
  const { token, roomId } = await client.action(api.collaboration.getCollaborationToken, {
    resourceType: "doc",
    resourceId,
  });

  const ripple = rippleOf(server, vars, () => Promise.resolve(token));
  return {
    ...ripple,
    pids: async () => [await server.workerdPid(), ...(convex.pid === undefined ? [] : [convex.pid])],
    room: () => roomId,
    async accessCheck() {
      const from = now();
      const response = await fetch(`${convexSiteUrl}${ACCESS_PATH}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ roomId }),
      });
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`the access check answered ${response.status}`);
      return now() - from;
    },
    async stop() {
      await ripple.stop();
      while (signalGroup(convex, "SIGKILL")) await new Promise((resolve) => setTimeout(resolve, 10));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
