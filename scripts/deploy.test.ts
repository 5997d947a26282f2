/**
 * The deploy scripts against programs that only write down how they were called. What the real `partykit` makes
 * of such calls is in deploy/programs.test.ts.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeProject, type Call } from "./deploy/fakes.fixture";
import { wranglerProblem } from "./deploy/frontend";
import { PRODUCTION } from "./deploy/production.fixture";

const SECOND = {
  COLLABORATION_TOKEN_SECRET_SECOND: "T".repeat(43),
  ROOM_SERVICE_SECRET_SECOND: "S".repeat(43),
};
const PREVIEW_SETTINGS = {
  CONVEX_DEPLOY_KEY: "preview:team:project|key",
  PARTYKIT_DOMAIN: "rooms.example.com",
  PARTYKIT_LOGIN: "team",
  PARTYKIT_TOKEN: "partykit-token",
  CLOUDFLARE_ACCOUNT_ID: "account",
  CLOUDFLARE_API_TOKEN: "cloudflare-token",
  CLOUDFLARE_WORKERS_SUBDOMAIN: "acme",
};
const SECRETS = Object.entries({ ...PRODUCTION, ...SECOND }).flatMap(([name, value]) =>
  /SECRET|TOKEN|KEY/.test(name) ? [value] : [],
);

let project: FakeProject;
beforeEach(() => {
  project = new FakeProject();
});
afterEach(() => {
  project.remove();
});

const commandsOf = (calls: Call[]) => calls.map(({ program, args }) => [program, ...args].join(" "));
const callTo = (calls: Call[], beginning: string): Call => {
  const call = calls.find(({ program, args }) => [program, ...args].join(" ").startsWith(beginning));
  if (call === undefined) throw new Error(`nobody called ${beginning}`);
  return call;
};

describe("npm run deploy", () => {
  it("deploys Convex, then PartyKit, then the page", () => {
    const { status, calls } = project.deploy([], PRODUCTION);
    expect(commandsOf(calls)).toEqual([
      expect.stringMatching(/^--yes wrangler@\d+\.\d+\.\d+ --version$/),
      "convex env list --names-only",
      "convex env set --force",
      "convex deploy",
      "partykit deploy --domain rooms.example.com --with-vars",
      "vite build --outDir dist --emptyOutDir",
      expect.stringMatching(
        /^--yes wrangler@[\d.]+ deploy --config deploy\/wrangler.jsonc --name ripple --domain ripple.example.com$/,
      ),
    ]);
    expect(status).toBe(0);
  });

  it("gives each program what it needs of the settings, and nothing else", () => {
    const { calls } = project.deploy([], PRODUCTION);
    const { CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_API_TOKEN, PARTYKIT_LOGIN, PARTYKIT_TOKEN } = PRODUCTION;
    const cloudflare = { CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_API_TOKEN };
    const convex = { CONVEX_DEPLOY_KEY: PRODUCTION.CONVEX_DEPLOY_KEY };
    expect(calls.map(({ env }) => env)).toEqual([
      {},
      convex,
      convex,
      convex,
      { ...cloudflare, PARTYKIT_LOGIN, PARTYKIT_TOKEN },
      { VITE_CONVEX_URL: PRODUCTION.VITE_CONVEX_URL, VITE_PARTYKIT_HOST: PRODUCTION.PARTYKIT_DOMAIN },
      cloudflare,
    ]);
  });

  it("puts no secret into an argument or a log", () => {
    const { calls, output } = project.deploy([], { ...PRODUCTION, ...SECOND });
    const seen = [...commandsOf(calls), output].join("\n");
    for (const secret of SECRETS) expect(seen).not.toContain(secret);
  });

  it("stops at the first failure, says how far it came, and can be run again", () => {
    project.failure = "partykit deploy";
    const { status, calls, output } = project.deploy([], PRODUCTION);
    expect(commandsOf(calls).at(-1)).toContain("partykit deploy");
    expect(status).toBe(1);
    expect(output).toContain("it does not work");
    expect(output).toContain("`partykit deploy --domain` failed");
    expect(output).toContain("Deployed: convex. Not deployed: partykit, frontend.");
    project.failure = undefined;
    expect(project.deploy([], PRODUCTION).status).toBe(0);
  });

  it("deploys nothing when wrangler cannot run here", () => {
    project.failure = "--yes";
    const { status, calls, output } = project.deploy([], PRODUCTION);
    expect([status, calls.length]).toEqual([1, 1]);
    expect(output).toContain("Deployed: nothing. Not deployed: convex, partykit, frontend.");
  });

  it.each([
    ["convex", /^convex/],
    ["partykit", /^partykit/],
    ["frontend", /^(vite|--yes wrangler)/],
  ])("deploys %s alone", (part, itsPrograms) => {
    const { status, calls } = project.deploy([part], PRODUCTION);
    expect(status).toBe(0);
    expect(calls.length).toBeGreaterThan(0);
    for (const command of commandsOf(calls)) expect(command).toMatch(itsPrograms);
  });

  it("keeps the order whatever the order of the names", () => {
    const { calls } = project.deploy(["partykit", "convex"], PRODUCTION);
    expect(commandsOf(calls).map((command) => command.split(" ")[0])).toEqual([
      "convex",
      "convex",
      "convex",
      "partykit",
    ]);
  });

  it("knows no other part", () => {
    const { status, calls, output } = project.deploy(["database"], PRODUCTION);
    expect([status, calls]).toEqual([1, []]);
    expect(output).toContain("No such part: database");
  });

  it("in a dry run says what it would run, in order, and runs nothing", () => {
    const { status, calls, output } = project.deploy(["--dry-run"], PRODUCTION);
    expect([status, calls]).toEqual([0, []]);
    const said = [
      "wrangler --version",
      "convex env set",
      "convex deploy",
      "partykit deploy",
      "vite build",
      "wrangler deploy",
    ];
    const places = said.map((command) => output.indexOf(`would run: ${command}`));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    for (const secret of SECRETS) expect(output).not.toContain(secret);
    expect(existsSync(join(project.directory, "dist"))).toBe(false);
  });
});

describe("before anything is deployed", () => {
  it.each([
    ["20.19.0", true],
    ["22.11.0", true],
    ["22.12.0", false],
    ["24.0.0", false],
  ])("says on Node %s that wrangler needs a newer one: %s", (version, isTooOld) => {
    expect(wranglerProblem(version) !== null).toBe(isTooOld);
  });

  it("says so at once, in a dry run too, and only where the page is deployed", () => {
    const problem = wranglerProblem(process.versions.node);
    const outputOf = (...args: string[]) => project.deploy([...args, "--dry-run"], PRODUCTION).output;
    if (problem === null) expect(outputOf()).not.toContain("needs 22.12 or newer");
    else expect(outputOf()).toContain(problem);
    expect(outputOf("convex", "partykit")).not.toContain("needs 22.12 or newer");
  });

  it("says all that is missing or wrong, and never prints a secret", () => {
    const { status, calls, output } = project.deploy([], {
      ...PRODUCTION,
      SITE_URL: "",
      ROOM_SERVICE_SECRET: "short-secret",
      CONVEX_DEPLOY_KEY: "preview:team:project|key",
    });
    expect([status, calls]).toEqual([1, []]);
    expect(output).toContain("SITE_URL is missing");
    expect(output).toContain("ROOM_SERVICE_SECRET has fewer than 32 bytes");
    expect(output).toContain("CONVEX_DEPLOY_KEY is the key of a preview deployment");
    expect(output).not.toMatch(/short-secret|\|key/);
  });

  it("takes a self-hosted Convex with its admin key instead of a deploy key", () => {
    const selfHosted = {
      CONVEX_SELF_HOSTED_URL: "https://convex.example.com",
      CONVEX_SELF_HOSTED_ADMIN_KEY: "admin",
    };
    const { calls } = project.deploy(["convex"], { ...PRODUCTION, CONVEX_DEPLOY_KEY: "", ...selfHosted });
    expect(calls.at(-1)?.env).toEqual(selfHosted);
  });
});

describe("Convex's variables", () => {
  const inputOf = (settings: Record<string, string>) =>
    callTo(project.deploy(["convex"], settings).calls, "convex env set").input;

  it("are what PartyKit has too, and where the page and the rooms are", () => {
    const lines = inputOf(PRODUCTION).trim().split("\n").sort();
    expect(lines).toEqual([
      "AUTH_LOG_LEVEL='ERROR'",
      `COLLABORATION_TOKEN_SECRET='${PRODUCTION.COLLABORATION_TOKEN_SECRET}'`,
      "PARTYKIT_URL='https://rooms.example.com'",
      `ROOM_SERVICE_SECRET='${PRODUCTION.ROOM_SERVICE_SECRET}'`,
      "SITE_URL='https://ripple.example.com'",
    ]);
  });

  it("get session keys on the first deploy", () => {
    project.convexVariables = [];
    const { JWT_PRIVATE_KEY, JWKS } = parseEnv(inputOf(PRODUCTION));
    expect(JWT_PRIVATE_KEY).toMatch(/^-----BEGIN PRIVATE KEY----- [\w+/= ]+ -----END PRIVATE KEY-----$/);
    expect(JSON.parse(JWKS ?? "")).toMatchObject({ keys: [{ kty: "RSA", use: "sig" }] });
  });

  it("keep their session keys, and half a pair is nobody's to complete", () => {
    project.convexVariables = ["JWKS"];
    const { status, calls, output } = project.deploy([], PRODUCTION);
    expect(status).toBe(1);
    expect(output).toContain("JWT_PRIVATE_KEY");
    expect(commandsOf(calls).at(-1)).toBe("convex env list --names-only");
  });

  it("include second secrets while there are any, and lose them afterwards", () => {
    project.convexVariables.push(...Object.keys(SECOND));
    const during = project.deploy(["convex"], { ...PRODUCTION, ...SECOND }).calls;
    expect(callTo(during, "convex env set").input).toContain(SECOND.ROOM_SERVICE_SECRET_SECOND);
    expect(commandsOf(during)).not.toContainEqual(expect.stringContaining("env remove"));
    const after = commandsOf(project.deploy(["convex"], PRODUCTION).calls);
    expect(after).toContain("convex env remove COLLABORATION_TOKEN_SECRET_SECOND");
    expect(after).toContain("convex env remove ROOM_SERVICE_SECRET_SECOND");
  });
});

describe("PartyKit's configuration", () => {
  it("is partykit.json with the rooms' own variables, and no .env of anybody's", () => {
    const { calls } = project.deploy(["partykit"], { ...PRODUCTION, ...SECOND });
    const { config, dotenv } = callTo(calls, "partykit");
    const own: unknown = JSON.parse(readFileSync("partykit.json", "utf8"));
    expect(config).toEqual({
      ...(own as object),
      main: join(project.directory, "partykit/server.ts"),
      parties: {
        presence: join(project.directory, "partykit/presence.ts"),
        drill: join(project.directory, "partykit/drill.ts"),
      },
      domain: "rooms.example.com",
      vars: {
        CONVEX_SITE_URL: PRODUCTION.CONVEX_SITE_URL,
        COLLABORATION_TOKEN_SECRET: PRODUCTION.COLLABORATION_TOKEN_SECRET,
        ROOM_SERVICE_SECRET: PRODUCTION.ROOM_SERVICE_SECRET,
        SITE_URL: PRODUCTION.SITE_URL,
        ...SECOND,
      },
    });
    expect(dotenv).toBe("");
  });
});

describe("the page", () => {
  it("comes with its security headers and says where its servers are", () => {
    project.deploy(["frontend"], PRODUCTION);
    const dist = (file: string) => readFileSync(join(project.directory, "dist", file), "utf8");
    expect(JSON.parse(dist("deployment.json"))).toEqual({
      convexUrl: PRODUCTION.VITE_CONVEX_URL,
      partykitHost: PRODUCTION.PARTYKIT_DOMAIN,
    });
    const [path, ...headers] = dist("_headers").trimEnd().split("\n");
    expect(path).toBe("/*");
    expect(headers).toContain("  X-Content-Type-Options: nosniff");
    const policy = headers.find((line) => line.startsWith("  Content-Security-Policy: ")) ?? "";
    expect(policy).toContain("default-src 'none';");
    expect(policy).toMatch(
      /connect-src [^;]*wss:\/\/brave-otter-1\.convex\.cloud [^;]*wss:\/\/rooms\.example\.com/,
    );
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/);
    expect(headers.join("\n")).toContain("/sw.js\n  Cache-Control: no-cache");
  });

  it("needs no domain of its own", () => {
    const { calls } = project.deploy(["frontend"], {
      ...PRODUCTION,
      SITE_URL: "https://ripple.acme.workers.dev",
    });
    expect(commandsOf(calls).at(-1)).not.toContain("--domain");
  });

  it("has a wrangler configuration that names an existing format and the build's directory", () => {
    const text = readFileSync(resolve("deploy/wrangler.jsonc"), "utf8");
    expect(text).toContain('"directory": "../dist"');
    expect(text).toContain('"not_found_handling": "single-page-application"');
  });
});

describe("a preview", () => {
  it("has an address of its own for each part, and learns Convex's", () => {
    const { status, calls } = project.deploy(["--preview", "pr-7"], PREVIEW_SETTINGS);
    expect(status).toBe(0);
    const commands = commandsOf(calls);
    expect(commands[1]).toMatch(
      /^convex deploy --preview-name pr-7 --cmd-url-env-var-name VITE_CONVEX_URL --cmd /,
    );
    expect(commands.slice(2)).toEqual([
      "convex env list --names-only --preview-name pr-7",
      "convex env set --force --preview-name pr-7",
      "partykit deploy --domain rooms.example.com --with-vars --preview pr-7",
      "vite build --outDir dist --emptyOutDir",
      expect.stringMatching(/ deploy --config deploy\/wrangler.jsonc --name ripple-pr-7$/),
    ]);
    expect(callTo(calls, "vite").env).toEqual({
      VITE_CONVEX_URL: "https://brave-otter-1.convex.cloud",
      VITE_PARTYKIT_HOST: "pr-7.rooms.example.com",
    });
    expect(callTo(calls, "convex env set").input).toContain(
      "SITE_URL='https://ripple-pr-7.acme.workers.dev'",
    );
  });

  it("has secrets of its own, the same for Convex and PartyKit, and never production's", () => {
    const { calls } = project.deploy(["--preview", "pr-7"], {
      ...PREVIEW_SETTINGS,
      ...SECOND,
      COLLABORATION_TOKEN_SECRET: PRODUCTION.COLLABORATION_TOKEN_SECRET,
      ROOM_SERVICE_SECRET: PRODUCTION.ROOM_SERVICE_SECRET,
    });
    const { input } = callTo(calls, "convex env set");
    const { vars } = callTo(calls, "partykit").config as { vars: Record<string, string> };
    expect(vars.CONVEX_SITE_URL).toBe("https://brave-otter-1.convex.site");
    // Its rooms are open to its own page, and to no other.
    expect(vars.SITE_URL).toBe("https://ripple-pr-7.acme.workers.dev");
    for (const name of ["COLLABORATION_TOKEN_SECRET", "ROOM_SERVICE_SECRET"] as const) {
      expect(vars[name]).toMatch(/^[\w-]{43}$/);
      expect(vars[name]).not.toBe(PRODUCTION[name]);
      expect(input).toContain(`${name}='${vars[name] ?? ""}'`);
      expect(vars[`${name}_SECOND`]).toBeUndefined();
    }
  });
});

describe("deleting a preview", () => {
  const parts = ["frontend", "partykit", "--preview", "pr-7", "--delete"];

  it("removes the page, then the rooms, under their preview's names", () => {
    const { status, calls } = project.deploy(parts, PREVIEW_SETTINGS);
    expect(status).toBe(0);
    expect(commandsOf(calls)).toEqual([
      expect.stringMatching(/ delete --config deploy\/wrangler.jsonc --name ripple-pr-7 --force$/),
      "partykit delete --preview pr-7 --force",
    ]);
    expect(callTo(calls, "partykit").config).toMatchObject({ domain: "rooms.example.com" });
  });

  it("removes what it can when a part fails, and says what is left", () => {
    project.failure = "--yes";
    const { status, calls, output } = project.deploy(parts, PREVIEW_SETTINGS);
    expect([status, calls.length]).toEqual([1, 2]);
    expect(output).toContain("Not everything of pr-7 was deleted.");
  });

  it("does not mind that there is no page, as when its deployment failed before that", () => {
    project.failure = "--yes";
    project.complaint = "✘ [ERROR] This Worker does not exist on this account. [code: 10090]";
    const { status, calls, output } = project.deploy(parts, PREVIEW_SETTINGS);
    expect([status, calls.length]).toEqual([0, 2]);
    expect(output).toContain("There is no page of pr-7.");
  });

  it("in a dry run says of each part what would be deleted", () => {
    const { status, calls, output } = project.deploy(["--preview", "pr-7", "--delete", "--dry-run"], {
      ...PREVIEW_SETTINGS,
      CONVEX_MANAGEMENT_TOKEN: "management-token",
      CONVEX_PROJECT_ID: "42",
    });
    expect([status, calls]).toEqual([0, []]);
    expect(output).toMatch(
      /would run: wrangler delete .*would run: partykit delete .*delete the preview pr-7/s,
    );
    expect(output).not.toContain("management-token");
  });

  it("never means production", () => {
    const { status, calls } = project.deploy(["--delete"], PRODUCTION);
    expect([status, calls]).toEqual([1, []]);
  });
});
