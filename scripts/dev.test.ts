/** `npm run dev` as a newcomer uses it, in a copy of this checkout. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { api } from "../convex/_generated/api";
import { freePort, isFree } from "./ports";
import { processIn } from "./process-tree";
import { signalGroup, stopGroup } from "./processes";

const START_TIMEOUT_MS = 120_000;

let checkout: string;
let env: NodeJS.ProcessEnv;
let ports: number[];
const started: ChildProcess[] = [];

beforeAll(async () => {
  checkout = mkdtempSync(join(tmpdir(), "ripple-dev-"));
  const { stdout } = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  for (const file of stdout.trim().split("\n")) cpSync(file, join(checkout, file));
  symlinkSync(join(process.cwd(), "node_modules"), join(checkout, "node_modules"));
  ports = [await freePort(), await freePort(), await freePort(), await freePort()];
  const [vite, convex, site, partykit] = ports.map(String);
  env = {
    ...process.env,
    VITE_PORT: vite,
    CONVEX_PORT: convex,
    CONVEX_SITE_PORT: site,
    PARTYKIT_PORT: partykit,
  };
});

afterAll(async () => {
  for (const child of started) await stopGroup(child);
  rmSync(checkout, { recursive: true });
});

interface Run {
  child: ChildProcess;
  output: () => string;
  exitCode: Promise<number | null>;
}

function runDev(): Run {
  const child = spawn("npm", ["run", "dev"], {
    cwd: checkout,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  let output = "";
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const exitCode = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { child, output: () => output, exitCode };
}

/** The address that it prints once all three answer. */
async function readyAddress(run: Run): Promise<string> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const address = /Ripple is ready: (\S+)/.exec(run.output())?.[1];
    if (address !== undefined) return address;
    if (Date.now() > deadline || run.child.exitCode !== null) throw new Error(`not ready:\n${run.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const account = { email: "ada@example.org", password: "correct horse battery" };

function signIn(flow: "signUp" | "signIn") {
  const client = new ConvexHttpClient(`http://127.0.0.1:${ports[1] ?? 0}`, { logger: false });
  return client.action(api.auth.signIn, { provider: "password", params: { ...account, name: "Ada", flow } });
}

describe("npm run dev", { timeout: START_TIMEOUT_MS * 2 }, () => {
  it("starts all three, prints the address, stops all three, finds its data again, and revives dead rooms", async () => {
    const first = runDev();
    const address = await readyAddress(first);
    expect(await (await fetch(address)).text()).toContain("<title>");
    expect((await signIn("signUp")).tokens).toBeTruthy();

    signalGroup(first.child, "SIGINT");
    await first.exitCode;
    // npm itself goes at once, the servers as soon as they have closed what they hold.
    for (const port of ports) await expect.poll(() => isFree(port), { timeout: 20_000 }).toBe(true);

    const second = runDev();
    expect(await readyAddress(second)).toBe(address);
    expect((await signIn("signIn")).tokens).toBeTruthy();

    // `partykit dev` would live on and serve nothing.
    const root = second.child.pid ?? 0;
    const workerd = await processIn(root, "workerd");
    if (workerd === null) throw new Error(`workerd is not running:\n${second.output()}`);
    process.kill(workerd, "SIGKILL");
    await expect
      .poll(second.output, { timeout: 60_000 })
      .toContain("workerd, which runs the rooms, has died");
    const health = `http://127.0.0.1:${ports[3] ?? 0}/health`;
    const status = () => fetch(health).then((response) => response.status, String);
    await expect.poll(status, { timeout: 60_000 }).toBe(200);
    expect(await processIn(root, "workerd")).not.toBe(workerd);
    await stopGroup(second.child);
  });

  it("names a port that is taken, and the variable that changes it, and starts nothing", async () => {
    const partykitPort = ports[3] ?? 0;
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(partykitPort, "127.0.0.1", resolve));
    const run = runDev();
    const exitCode = await run.exitCode;
    await new Promise((resolve) => squatter.close(resolve));
    expect(exitCode).not.toBe(0);
    expect(run.output()).toContain(`Port ${partykitPort}, for PartyKit, is taken`);
    expect(run.output()).toContain("PARTYKIT_PORT=");
    for (const port of ports) expect(await isFree(port)).toBe(true);
  });
});
