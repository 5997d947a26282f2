import { describe, expect, it } from "vitest";
import { PRODUCTION } from "./production.fixture";
import { readSettings, TARGETS, type Plan } from "./settings";

const PREVIEW = {
  CONVEX_DEPLOY_KEY: "preview:team:project|key",
  PARTYKIT_DOMAIN: "rooms.example.com",
  PARTYKIT_LOGIN: "team",
  PARTYKIT_TOKEN: "partykit-token",
  CLOUDFLARE_ACCOUNT_ID: "account",
  CLOUDFLARE_API_TOKEN: "cloudflare-token",
  CLOUDFLARE_WORKERS_SUBDOMAIN: "acme",
};
const everything: Plan = { action: "deploy", targets: TARGETS, preview: null };
const aPreview: Plan = { ...everything, preview: "pr-7" };
const deletion: Plan = { ...aPreview, action: "delete" };

function problemsOf(plan: Plan, env: Record<string, string>, partykitLogin = false): string[] {
  const reading = readSettings(plan, env, { partykitLogin });
  return reading.kind === "incomplete" ? reading.problems : [];
}
const missingIn = (plan: Plan, env: Record<string, string>, partykitLogin = false) =>
  problemsOf(plan, env, partykitLogin).map(
    (problem) => / is missing: /.exec(problem) && problem.split(" ")[0],
  );

describe("settings of a deployment", () => {
  it("are complete with these", () => {
    expect(readSettings(everything, PRODUCTION, { partykitLogin: false })).toEqual({
      kind: "complete",
      settings: PRODUCTION,
    });
  });

  it.each(Object.keys(PRODUCTION))("are incomplete without %s", (name) => {
    expect(missingIn(everything, { ...PRODUCTION, [name]: "" })).toEqual([name]);
  });

  it.each<[string, string]>([
    ["CONVEX_DEPLOY_KEY", "preview:team:project|key"],
    ["CONVEX_DEPLOY_KEY", "dev:brave-otter-1|key"],
    ["VITE_CONVEX_URL", "http://brave-otter-1.convex.cloud"],
    ["CONVEX_SITE_URL", "https://brave-otter-1.convex.site/"],
    ["CONVEX_SITE_URL", "brave-otter-1.convex.site"],
    // Of the same deployment, but the other address; and of another deployment.
    ["VITE_CONVEX_URL", PRODUCTION.CONVEX_SITE_URL],
    ["CONVEX_SITE_URL", PRODUCTION.VITE_CONVEX_URL],
    ["CONVEX_SITE_URL", "https://calm-cat-7.eu-west-1.convex.site"],
    ["PARTYKIT_DOMAIN", "ripple.example.com"],
    ["ROOM_SERVICE_SECRET", `${"s".repeat(43)}\n`],
    ["COLLABORATION_TOKEN_SECRET", `${"t".repeat(43)}'`],
    ["SITE_URL", "https://ripple.example.com/app"],
    ["PARTYKIT_DOMAIN", "https://rooms.example.com"],
    ["PARTYKIT_DOMAIN", "rooms"],
    ["COLLABORATION_TOKEN_SECRET", "t".repeat(31)],
    ["ROOM_SERVICE_SECRET", "s".repeat(31)],
    ["COLLABORATION_TOKEN_SECRET_SECOND", "t".repeat(31)],
    ["COLLABORATION_TOKEN_SECRET_SECOND", PRODUCTION.COLLABORATION_TOKEN_SECRET],
    ["ROOM_SERVICE_SECRET_SECOND", PRODUCTION.ROOM_SERVICE_SECRET],
  ])("are wrong with %s=%s", (name, value) => {
    const problems = problemsOf(everything, { ...PRODUCTION, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} (is|has|does) `));
  });

  it("are of one deployment of Convex", () => {
    const problems = problemsOf(everything, {
      ...PRODUCTION,
      VITE_CONVEX_URL: "https://calm-cat-7.convex.cloud",
    });
    expect(problems).toEqual([
      expect.stringMatching(
        /^VITE_CONVEX_URL is another deployment than brave-otter-1, which CONVEX_DEPLOY_KEY/,
      ),
      expect.stringMatching(/^CONVEX_SITE_URL is another deployment than VITE_CONVEX_URL/),
    ]);
    expect(problems.join()).not.toContain("|key");
    const ownDomains = {
      VITE_CONVEX_URL: "https://api.example.com",
      CONVEX_SITE_URL: "https://http.example.com",
    };
    expect(problemsOf(everything, { ...PRODUCTION, ...ownDomains })).toEqual([]);
  });

  it("name a self-hosted Convex by its origin", () => {
    const selfHosted = { CONVEX_DEPLOY_KEY: "", CONVEX_SELF_HOSTED_ADMIN_KEY: "admin" };
    const problems = (url: string) =>
      problemsOf(everything, { ...PRODUCTION, ...selfHosted, CONVEX_SELF_HOSTED_URL: url });
    expect(problems("http://10.0.0.7:3210")).toEqual([]);
    expect(problems("10.0.0.7:3210")).toEqual([
      expect.stringMatching(/^CONVEX_SELF_HOSTED_URL is not an origin/),
    ]);
  });

  it("name one Convex only", () => {
    const both = { ...PRODUCTION, CONVEX_SELF_HOSTED_URL: "https://convex.example.com" };
    expect(problemsOf(everything, both)).toHaveLength(2);
  });

  it.each([
    [
      "convex",
      [
        "CONVEX_DEPLOY_KEY",
        "COLLABORATION_TOKEN_SECRET",
        "ROOM_SERVICE_SECRET",
        "SITE_URL",
        "PARTYKIT_DOMAIN",
      ],
    ],
    [
      "partykit",
      [
        "CONVEX_SITE_URL",
        "COLLABORATION_TOKEN_SECRET",
        "ROOM_SERVICE_SECRET",
        "SITE_URL",
        "PARTYKIT_DOMAIN",
        "PARTYKIT_LOGIN",
        "PARTYKIT_TOKEN",
        "CLOUDFLARE_ACCOUNT_ID",
        "CLOUDFLARE_API_TOKEN",
      ],
    ],
    [
      "frontend",
      ["VITE_CONVEX_URL", "SITE_URL", "PARTYKIT_DOMAIN", "CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN"],
    ],
  ] as const)("are asked for as far as %s needs them", (target, names) => {
    expect(missingIn({ ...everything, targets: [target] }, {})).toEqual(names);
  });

  it("do without PartyKit's token where somebody has logged in", () => {
    const { PARTYKIT_LOGIN, PARTYKIT_TOKEN, ...rest } = PRODUCTION;
    expect(missingIn(everything, rest)).toEqual(Object.keys({ PARTYKIT_LOGIN, PARTYKIT_TOKEN }));
    expect(missingIn(everything, rest, true)).toEqual([]);
  });
});

describe("settings of a preview", () => {
  it.each(Object.keys(PREVIEW))("are incomplete without %s", (name) => {
    expect(missingIn(aPreview, { ...PREVIEW, [name]: "" })).toEqual([name]);
  });

  it.each(["prod:brave-otter-1|key", "dev:brave-otter-1|key", "project:team:project|key", "key"])(
    "are wrong with the deploy key %s",
    (key) => {
      expect(problemsOf(aPreview, { ...PREVIEW, CONVEX_DEPLOY_KEY: key })).toEqual([
        expect.stringContaining("is not a preview deploy key"),
      ]);
    },
  );

  it.each(["", "PR-7", "pr_7", "7", "pr-7.evil", "-x", "$(id)", "x".repeat(32)])(
    "are wrong with the name %j",
    (name) => {
      expect(problemsOf({ ...aPreview, preview: name }, PREVIEW)).toHaveLength(1);
    },
  );

  it("are different secrets each time", () => {
    const secrets = [1, 2].map(() => {
      const reading = readSettings(aPreview, PREVIEW, { partykitLogin: false });
      return reading.kind === "complete" ? reading.settings.ROOM_SERVICE_SECRET : undefined;
    });
    expect(secrets[0]).toBeDefined();
    expect(secrets[0]).not.toBe(secrets[1]);
  });
});

describe("settings for deleting a preview", () => {
  const needed = {
    CONVEX_MANAGEMENT_TOKEN: "token",
    CONVEX_PROJECT_ID: "42",
    PARTYKIT_DOMAIN: "rooms.example.com",
    PARTYKIT_LOGIN: "team",
    PARTYKIT_TOKEN: "partykit-token",
    CLOUDFLARE_ACCOUNT_ID: "account",
    CLOUDFLARE_API_TOKEN: "cloudflare-token",
  };

  it("need no key that could deploy to Convex, and no secret", () => {
    expect(problemsOf(deletion, needed)).toEqual([]);
  });

  it.each(Object.keys(needed))("are incomplete without %s", (name) => {
    expect(missingIn(deletion, { ...needed, [name]: "" })).toEqual([name]);
  });

  it("never delete production", () => {
    expect(problemsOf({ ...deletion, preview: null }, needed)).toEqual(["only a preview can be deleted"]);
  });
});
