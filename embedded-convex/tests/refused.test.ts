/** What is refused with an answer that says why, instead of being taken over by half or failing inside. */
import { request } from "node:http";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { identityOfClaims } from "../auth/identity";
import { CONFORMANCE_FUNCTIONS, useDeployment } from "../conformance/deployment";
import { FunctionFolder } from "./function_folder";
import { RawClient } from "./raw_client";
import { removeFolder, runToEnd, startServerProcess, temporaryFolder } from "./server_process";

const deployment = useDeployment();

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function unsigned(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(claims)}.AAAA`;
}

/** `fetch` would make the path and the host proper. */
function statusOf(url: string, path: string, host?: string): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { Host: host };
    const call = request({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on("error", reject).end();
  });
}

test.each([[5], [null], [["a"]], [{}]])("a token whose issuer is %j is not valid", async (iss) => {
  const token = unsigned({ iss, sub: "x" });
  const raw = await RawClient.open(deployment.url);
  raw.connect();
  raw.send({ type: "Authenticate", tokenType: "User", baseVersion: 0, value: token });
  await raw.closed;
  expect(raw.frames.map(({ type }) => type)).toEqual(["AuthError"]);
  const response = await fetch(`${deployment.url}/api/query`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify({ path: "identity:whoAmI", args: {} }),
  });
  expect(response.status).toBe(401);
});

test("a claim that is named like a method of objects keeps its name", () => {
  const { attributes } = identityOfClaims({ iss: "a", sub: "b", constructor: "c" }, "");
  expect(Object.entries(attributes)).toContainEqual(["constructor", "c"]);
});

test("an HTTP action does not answer under a foreign host name", async () => {
  expect(await statusOf(deployment.siteUrl, "/echo", "evil.example")).toBe(403);
  expect(await statusOf(deployment.url, "/http/echo", "evil.example")).toBe(403);
  expect(await statusOf(deployment.siteUrl, "/nowhere")).toBe(404);
});

test.each(["//", "//evil.example/x", "/\\evil.example/x", "http://evil.example/x"])(
  "a request for %s is a bad one",
  async (path) => {
    expect(await statusOf(deployment.url, path)).toBe(400);
    expect(await statusOf(deployment.siteUrl, path)).toBe(400);
  },
);

test("an admin key that is empty lets nobody in", async () => {
  const data = temporaryFolder();
  cleanups.push(() => removeFolder(data));
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, "admin_key"), "\n");
  const server = await startServerProcess({ functions: CONFORMANCE_FUNCTIONS, data });
  cleanups.push(() => server.stop());
  const response = await fetch(`${server.url}/api/function`, {
    method: "POST",
    headers: { Authorization: "Convex :" },
    body: JSON.stringify({ path: "refused:secret", args: {} }),
  });
  expect(response.status).toBe(401);
});

test("a second server on the same data is refused, and not after a crash of the first", async () => {
  const data = temporaryFolder();
  cleanups.push(() => removeFolder(data));
  const first = await startServerProcess({ functions: CONFORMANCE_FUNCTIONS, data });
  cleanups.push(() => first.kill());
  const ports = ["--port", "0", "--site-port", "0", "--no-codegen"];
  const second = await runToEnd(["--functions", CONFORMANCE_FUNCTIONS, "--data", data, ...ports]);
  expect(second.code).toBe(1);
  expect(second.output).toContain(`The data folder ${data} is used by another embedded Convex`);
  await first.kill();
  const third = await startServerProcess({ functions: CONFORMANCE_FUNCTIONS, data });
  cleanups.push(() => third.stop());
});

test.each([
  ['crons.cron("job", "61 * * * *", ref("code:run"))', 'schedule of the cron job "job" is not valid'],
  ['crons.interval("job", { hours: 1 }, ref("code:nowhere"))', "code:nowhere, which does not exist"],
  ['crons.interval("job", { hours: 1 }, ref("code:version"))', "code:version, which is a query"],
])("functions with %s are refused as a whole", async (job, problem) => {
  const code = (version: number) => `
    import { mutationGeneric, queryGeneric } from "convex/server";
    export const version = queryGeneric({ args: {}, handler: () => ${version} });
    export const run = mutationGeneric({ args: {}, handler: () => null });`;
  const folder = new FunctionFolder({ "code.ts": code(1) });
  cleanups.push(() => folder.dispose());
  const server = await startServerProcess({ functions: folder.path });
  cleanups.push(async () => {
    await server.stop();
    removeFolder(server.data);
  });
  folder.write(
    "crons.ts",
    `import { cronJobs, makeFunctionReference as ref } from "convex/server";
     const crons = cronJobs();
     ${job};
     export default crons;`,
  );
  await expect.poll(() => server.output(), { timeout: 15_000 }).toContain(problem);
  folder.write("code.ts", code(2));
  const refusals = () => server.output().split(problem).length - 1;
  await expect.poll(refusals, { timeout: 15_000 }).toBe(2);
  expect(await version(server.url)).toBe(1);
});

async function version(url: string): Promise<unknown> {
  const body = JSON.stringify({ path: "code:version", args: {} });
  const response = await fetch(`${url}/api/query`, { method: "POST", body });
  return ((await response.json()) as { value: unknown }).value;
}
