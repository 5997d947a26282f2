/**
 * What the real `partykit` sends when the deploy scripts call it, and what they send themselves, seen by a server on
 * loopback that stands where PartyKit's and Convex's would be.
 */
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { binOf } from "../processes";

interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

let seen: Seen[];
let answers: Record<string, unknown>;
let server: Server;
let origin: string;
let checkout: string;

beforeEach(async () => {
  seen = [];
  answers = {};
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      seen.push({ method, path: url, headers, body: Buffer.concat(chunks).toString("utf8") });
      const answer = answers[`${method} ${url.split("?")[0] ?? ""}`];
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? {}));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  // A checkout in which a developer has been at work: their local secrets lie in `.env`.
  checkout = mkdtempSync(join(tmpdir(), "ripple-checkout-"));
  for (const name of ["node_modules", "partykit", "protocol", "convex", "package.json", "partykit.json"]) {
    symlinkSync(resolve(name), join(checkout, name));
  }
  mkdirSync(join(checkout, "home"));
  writeFileSync(join(checkout, ".env"), "ROOM_SERVICE_SECRET=local-secret-of-a-developer\nOTHER=private\n");
});

afterEach(async () => {
  rmSync(checkout, { recursive: true });
  await new Promise((closed) => server.close(closed));
});

/** Not `spawnSync`: this process has to answer meanwhile. */
function deploy(
  args: string[],
  settings: Record<string, string>,
): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, [binOf("tsx"), resolve("scripts/deploy.ts"), ...args], {
    cwd: checkout,
    env: { PATH: process.env.PATH, HOME: join(checkout, "home"), CI: "1", ...settings },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((ended) => {
    child.once("close", (status) => {
      ended({ status, output });
    });
  });
}

/** The fields of a multipart form that are no files. */
function fieldsOf(body: string): Record<string, string> {
  const fields = [...body.matchAll(/name="(\w+)"\r\n\r\n([^]*?)\r\n--/g)];
  return Object.fromEntries(fields.map(([, name = "", value = ""]) => [name, value]));
}

const PARTYKIT = {
  PARTYKIT_DOMAIN: "rooms.example.com",
  PARTYKIT_LOGIN: "team",
  PARTYKIT_TOKEN: "partykit-token",
  CLOUDFLARE_ACCOUNT_ID: "account",
  CLOUDFLARE_API_TOKEN: "cloudflare-token",
};
const ROOMS = {
  CONVEX_SITE_URL: "https://brave-otter-1.convex.site",
  COLLABORATION_TOKEN_SECRET: "t".repeat(43),
  ROOM_SERVICE_SECRET: "s".repeat(43),
  SITE_URL: "https://ripple.example.com",
};

/** PartyKit exchanges a login for a session with a third party; one of GitHub's kind needs no exchange. */
const LOGIN = { PARTYKIT_LOGIN: "", PARTYKIT_TOKEN: "" };

function logIn(): void {
  mkdirSync(join(checkout, "home", ".partykit"));
  writeFileSync(
    join(checkout, "home", ".partykit", "config.json"),
    JSON.stringify({ login: "team", access_token: "partykit-token", type: "github" }),
  );
}

describe("partykit", () => {
  it("sends the rooms' code with exactly their variables to one's own account", async () => {
    logIn();
    answers["POST /parties/team/ripple-collaboration"] = { result: { is_initial_deploy: false } };
    const { status, output } = await deploy(["partykit"], {
      ...PARTYKIT,
      ...LOGIN,
      ...ROOMS,
      PARTYKIT_API_BASE: origin,
    });
    expect(output).toContain("Deployed");
    expect(status).toBe(0);
    const upload = seen.find(({ method }) => method === "POST");
    expect(upload?.headers).toMatchObject({
      "x-cloudflare-account-id": "account",
      "x-cloudflare-api-token": "cloudflare-token",
    });
    const { code = "", ...fields } = fieldsOf(upload?.body ?? "");
    expect(JSON.parse(fields.vars ?? "")).toEqual(ROOMS);
    expect(fields).toMatchObject({ domain: "rooms.example.com", compatibilityDate: "2024-07-18" });
    expect(code).toContain("onBeforeConnect");
    expect(upload?.body).not.toMatch(/local-secret-of-a-developer|OTHER/);
    for (const secret of [...Object.values(ROOMS), PARTYKIT.CLOUDFLARE_API_TOKEN]) {
      expect(code).not.toContain(secret);
      expect(output).not.toContain(secret);
    }
  });

  it("deletes a preview, and nothing but the preview", async () => {
    logIn();
    answers["DELETE /parties/team/ripple-collaboration"] = {};
    const { status, output } = await deploy(["partykit", "--preview", "pr-7", "--delete"], {
      ...PARTYKIT,
      ...LOGIN,
      PARTYKIT_API_BASE: origin,
    });
    expect(output).toContain("Deleted");
    expect(status).toBe(0);
    const changes = seen.filter(({ method }) => method !== "GET");
    expect(changes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "DELETE /parties/team/ripple-collaboration?preview=pr-7",
    ]);
  });
});

describe("Convex's management API", () => {
  it("is asked to delete the preview with this name, and no other deployment", async () => {
    answers["GET /v1/projects/42/list_deployments"] = [
      { name: "wise-owl-7", deploymentType: "preview", previewIdentifier: "pr-7" },
      { name: "calm-cat-70", deploymentType: "preview", previewIdentifier: "pr-70" },
      { name: "brave-otter-1", deploymentType: "prod", previewIdentifier: null },
    ];
    answers["POST /v1/deployments/wise-owl-7/delete"] = {};
    const settings = {
      CONVEX_MANAGEMENT_TOKEN: "token",
      CONVEX_PROJECT_ID: "42",
      CONVEX_PROVISION_HOST: origin,
    };
    const { status } = await deploy(["convex", "--preview", "pr-7", "--delete"], settings);
    expect(status).toBe(0);
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /v1/projects/42/list_deployments?deploymentType=preview",
      "POST /v1/deployments/wise-owl-7/delete",
    ]);
    expect(seen[1]?.headers.authorization).toBe("Bearer token");
  });
});
