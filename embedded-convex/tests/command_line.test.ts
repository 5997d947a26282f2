import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { api } from "../conformance/api";
import { ConvexHttpClient } from "convex/browser";
import { CONFORMANCE_FUNCTIONS, QUIET } from "../conformance/deployment";
import { FunctionFolder } from "./function_folder";
import {
  removeFolder,
  runToEnd,
  startServerProcess,
  temporaryFolder,
  type ServerProcess,
} from "./server_process";

/** Where the command line finds a package.json; the functions it calls are the server's. */
const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ functions: CONFORMANCE_FUNCTIONS });
});
afterAll(async () => {
  await server.stop();
  removeFolder(server.data);
});

function convex(...args: string[]): Promise<{ code: number | null; output: string }> {
  const manifest = createRequire(import.meta.url).resolve("convex/package.json");
  const child = spawn(process.execPath, [join(dirname(manifest), "bin", "main.js"), ...args], {
    cwd: REPOSITORY,
    env: {
      ...process.env,
      CONVEX_SELF_HOSTED_URL: server.url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: server.adminKey,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const collect = (part: Buffer) => (output += part.toString("utf8"));
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

test("a taken port ends the start with the port and its flag", async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const address = holder.address();
  const port = String(typeof address === "object" && address !== null ? address.port : 0);
  const data = temporaryFolder();
  try {
    const common = ["--functions", CONFORMANCE_FUNCTIONS, "--data", data, "--no-codegen"];
    const api = await runToEnd([...common, "--port", port, "--site-port", "0"]);
    expect(api).toMatchObject({ code: 1 });
    expect(api.output).toMatch(new RegExp(`Port ${port} is taken.*--port`));
    const site = await runToEnd([...common, "--port", "0", "--site-port", port]);
    expect(site.output).toMatch(new RegExp(`Port ${port} is taken.*--site-port`));
  } finally {
    holder.close();
    removeFolder(data);
  }
});

test("a folder that is not there, and a port that is none, end the start", async () => {
  expect((await runToEnd(["--functions", "/nowhere/at/all"])).output).toContain("--functions");
  expect((await runToEnd(["--functions", CONFORMANCE_FUNCTIONS, "--port", "many"])).output).toContain(
    "--port",
  );
});

test("a folder of a project without the package `convex` ends the start with what to install", async () => {
  const project = temporaryFolder();
  try {
    mkdirSync(join(project, "convex"));
    const started = await runToEnd(["--functions", join(project, "convex"), "--data", join(project, "data")]);
    expect(started.code).toBe(1);
    expect(started.output).toMatch(/The package "convex" is not installed .*: npm install convex/);
  } finally {
    removeFolder(project);
  }
});

test("it ends at SIGTERM with code 0 and can be started again", async () => {
  const first = await startServerProcess({ functions: CONFORMANCE_FUNCTIONS, fromSource: true });
  const id = await new ConvexHttpClient(first.url, QUIET).mutation(api.counters.create, { name: "kept" });
  expect(await first.stop()).toBe(0);
  const second = await startServerProcess({ functions: CONFORMANCE_FUNCTIONS, data: first.data });
  expect(await new ConvexHttpClient(second.url, QUIET).query(api.counters.get, { id })).toBe(0);
  expect(await second.stop()).toBe(0);
  removeFolder(first.data);
});

test("`convex run` calls functions, internal ones too, and lists them when one is not found", async () => {
  const ran = await convex("run", "refused:secret");
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.output).toContain("only for functions");
  const wrong = await convex("run", "refused:nothing");
  expect(wrong.code).toBe(1);
  expect(wrong.output).toContain("counters:increment");
});

test("`convex function-spec` lists functions with their validators", async () => {
  const { code, output } = await convex("function-spec");
  expect(code).toBe(0);
  const spec = JSON.parse(output.slice(output.indexOf("{"))) as { url: string; functions: unknown[] };
  expect(spec.url).toBe(server.url);
  expect(spec.functions).toContainEqual({
    identifier: "limits.js:insertMany",
    functionType: "Mutation",
    visibility: { kind: "public" },
    args: {
      type: "object",
      value: {
        run: { fieldType: { type: "string" }, optional: false },
        count: { fieldType: { type: "number" }, optional: false },
      },
    },
    returns: { type: "any" },
  });
  expect(spec.functions).toContainEqual({ functionType: "HttpAction", method: "GET", path: "/streams/*" });
  expect(spec.functions).toContainEqual(
    expect.objectContaining({ identifier: "refused.js:secret", visibility: { kind: "internal" } }),
  );
});

test("functions log to the terminal and to the caller, with their source lines when they fail", async () => {
  const lines: unknown[] = [];
  const write = (...args: unknown[]) => void lines.push(args.join(" "));
  const http = new ConvexHttpClient(server.url, {
    logger: { log: write, warn: write, error: write, logVerbose: write },
  });
  await http.query(api.errors.logs, {});
  expect(lines.join("\n")).toMatch(/\[CONVEX Q\(errors:logs\)\] \[LOG\].*'hello' \{ from: 'a function' \}/);
  expect(lines.join("\n")).toMatch(/\[WARN\].*'careful'/);
  expect(server.output()).toMatch(/\[CONVEX Q\(errors:logs\)\] \[LOG\] 'hello' \{ from: 'a function' \}/);
});

test("what is not supported says so by name", async () => {
  const folder = new FunctionFolder({
    "schema.ts": `
      import { defineSchema, defineTable } from "convex/server";
      import { v } from "convex/values";
      export default defineSchema({ stamps: defineTable({ at: v.any() }) });
    `,
    "gaps.ts": `
      import { actionGeneric, mutationGeneric } from "convex/server";
      export const vector = actionGeneric({ args: {}, handler: async (ctx) => await ctx.vectorSearch("stamps", "by_x", { vector: [1] }) });
      export const stamp = mutationGeneric({ args: {}, handler: async (ctx) => await ctx.db.insert("stamps", { at: ctx.db.vars.commitTs }) });
      export const sign = mutationGeneric({ args: {}, handler: async (ctx) => await ctx.auth.signJwt({ expiresInSeconds: 60 }) });
    `,
  });
  const gaps = await startServerProcess({ functions: folder.path });
  try {
    const call = async (kind: "action" | "mutation", path: string) => {
      const response = await fetch(`${gaps.url}/api/${kind}`, {
        method: "POST",
        body: JSON.stringify({ path, args: {} }),
      });
      return await response.text();
    };
    expect(await call("action", "gaps:vector")).toContain("does not support vector search");
    expect(await call("mutation", "gaps:stamp")).toContain("does not support db.vars.commitTs");
    expect(await call("mutation", "gaps:sign")).toContain("does not support ctx.auth.signJwt");
    folder.write("convex.config.ts", "export default {};");
    await expect.poll(() => gaps.output(), { timeout: 15_000 }).toContain("does not support components");
  } finally {
    await gaps.stop();
    removeFolder(gaps.data);
    folder.dispose();
  }
});
