/**
 * The smoke test, run as an operator runs it: against this stack it passes and leaves nothing behind; against each
 * deployment that is broken in one way it fails and names the way.
 */
import { spawn } from "node:child_process";
import { startPartyKit } from "../partykit/tests/server-process";
import { freePort } from "../scripts/ports";
import { binOf } from "../scripts/processes";
import type { Stack } from "../scripts/stack";
import { expect, test } from "./fixtures";

// Each broken deployment is a `partykit dev` of its own, which first compiles, and a whole smoke test.
test.describe.configure({ timeout: 180_000 });

interface Outcome {
  code: number | null;
  output: string;
}

interface Where {
  convexUrl?: string;
  partykitHost?: string;
}

function smoke(stack: Stack, { convexUrl, partykitHost }: Where = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [
    binOf("tsx"),
    "scripts/smoke.ts",
    `--url=${stack.pageUrl}`,
    `--convex-url=${convexUrl ?? stack.convexUrl}`,
    `--partykit-host=${partykitHost ?? stack.partykitHost}`,
  ]);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    child.once("close", (code) => {
      resolve({ code, output });
    });
  });
}

test("a deployment that works passes, and nobody of the test is left", async ({ stack }) => {
  const { code, output } = await smoke(stack);
  expect(output).toContain(`${stack.pageUrl} works.`);
  expect(output.match(/^ok {2}/gm)).toHaveLength(6);
  expect(code).toBe(0);
  expect(output).toContain("3 throw-away accounts were removed.");
});

const OTHER_SECRET = "another secret than Convex's, of 32 bytes or more";

interface Breakage {
  name: string;
  vars?: (stack: Stack, closedPort: number) => Record<string, string>;
  main?: string;
  /** It shows before anybody has signed up. */
  early?: boolean;
  fault: RegExp;
}

const BROKEN: Breakage[] = [
  {
    name: "with another token secret",
    vars: () => ({ COLLABORATION_TOKEN_SECRET: OTHER_SECRET }),
    fault: /FAULT: .*different values of COLLABORATION_TOKEN_SECRET/,
  },
  {
    name: "with another service secret",
    vars: () => ({ ROOM_SERVICE_SECRET: OTHER_SECRET }),
    fault: /FAULT: A room cannot load its document.*ROOM_SERVICE_SECRET/,
  },
  {
    name: "whose PartyKit cannot reach Convex",
    vars: (_stack, closedPort) => ({ CONVEX_SITE_URL: `http://127.0.0.1:${closedPort}` }),
    fault: /FAULT: PartyKit cannot ask Convex who may enter \(503\): CONVEX_SITE_URL/,
  },
  {
    name: "whose PartyKit lacks a variable",
    vars: () => ({ ROOM_SERVICE_SECRET: "" }),
    early: true,
    fault: /FAULT: PartyKit was deployed without ROOM_SERVICE_SECRET/,
  },
  {
    name: "with a token secret that is too short",
    vars: () => ({ COLLABORATION_TOKEN_SECRET: "short" }),
    early: true,
    fault: /FAULT: PartyKit was deployed with too short a COLLABORATION_TOKEN_SECRET/,
  },
  {
    name: "whose rooms belong to another page",
    vars: () => ({ SITE_URL: "https://ripple.example.com" }),
    fault: /FAULT: Rooms do not open to the page at .* \(403\): PartyKit was deployed with another SITE_URL/,
  },
  {
    name: "in which a viewer can write",
    main: "partykit/test-parties/viewer-writes.ts",
    fault: /FAULT: A viewer can change documents/,
  },
  {
    name: "that confirms and does not persist",
    main: "partykit/test-parties/forgetful.ts",
    fault: /FAULT: What was written and confirmed is lost when everybody has left: 0 of \d+/,
  },
];

for (const { name, vars, main, early = false, fault } of BROKEN) {
  test(`a deployment ${name} fails, and the message says so`, async ({ stack }) => {
    const party = await startPartyKit({
      vars: { ...stack.secrets, ...vars?.(stack, await freePort()) },
      ...(main === undefined ? {} : { main }),
    });
    try {
      const { code, output } = await smoke(stack, { partykitHost: party.host });
      expect(output).toMatch(fault);
      if (!early) expect(output).toContain("3 throw-away accounts were removed.");
      expect(code).toBe(1);
    } finally {
      await party.dispose();
    }
  });
}

test("a deployment without Convex, without rooms, or without a page fails, each with its message", async ({
  stack,
}) => {
  const closed = `127.0.0.1:${await freePort()}`;
  const outcomes = await Promise.all([
    smoke(stack, { convexUrl: `http://${closed}` }),
    smoke(stack, { partykitHost: closed }),
    smoke({ ...stack, pageUrl: `http://${closed}` }),
    smoke({ ...stack, pageUrl: stack.convexUrl }),
  ]);
  expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
  const [noConvex, noRooms, noPage, notThePage] = outcomes.map(({ output }) => output);
  expect(noConvex).toMatch(/FAULT: Convex does not answer at /);
  expect(noRooms).toMatch(/FAULT: PartyKit does not answer at /);
  expect(noPage).toMatch(/FAULT: The page does not answer at /);
  expect(notThePage).toMatch(
    /FAULT: (What is at .* is not Ripple's page|The page at .* answers with status)/,
  );
});
