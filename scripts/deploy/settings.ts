/**
 * What a deployment needs to be told, all of it in environment variables: one table, from which the checks before
 * the start, the environment of each program and docs/deploy.md's promises follow.
 *
 * A preview (`--preview pr-7`) lives beside production: Convex gives it a deployment of its own, PartyKit and the
 * page an address of their own, and the secrets that Convex and PartyKit share are made for it on the spot.
 */
import { randomBytes } from "node:crypto";
import { SECRET_MIN_BYTES } from "../../protocol/access";
import type { Env } from "../local-env";

/** In the order in which they are deployed: nobody can use a part without those before it. */
export const TARGETS = ["convex", "partykit", "frontend"] as const;
export type Target = (typeof TARGETS)[number];

export interface Plan {
  /** Only a preview can be deleted. */
  action: "deploy" | "delete";
  targets: readonly Target[];
  /** The preview's name, `pr-7`; `null` is production. */
  preview: string | null;
}

/** Whether the PartyKit command has been logged in on this machine, as a person's may be and CI's never is. */
interface Surroundings {
  partykitLogin: boolean;
}

interface Variable {
  name: string;
  /** What it is and where it comes from, for whoever reads that it is missing. */
  what: string;
  isNeeded: (plan: Plan, env: Env, surroundings: Surroundings) => boolean;
  /** What is wrong with a value, or `null`. */
  check?: (value: string, plan: Plan, env: Env) => string | null;
}

const SHARED_SECRET = /^(COLLABORATION_TOKEN|ROOM_SERVICE)_SECRET(_SECOND)?$/;

const PREVIEW_NAME = /^[a-z][a-z0-9-]{0,30}$/;

const touches =
  (...targets: Target[]) =>
  (plan: Plan) =>
    targets.some((target) => plan.targets.includes(target));

const deploys =
  (...targets: Target[]) =>
  (plan: Plan) =>
    plan.action === "deploy" && touches(...targets)(plan);

const deletesConvex = (plan: Plan) => plan.action === "delete" && touches("convex")(plan);

/** A preview's Convex tells its addresses when it is deployed; until then nobody knows them. */
const learned = (plan: Plan) => plan.preview !== null && plan.targets.includes("convex");

/** Secrets of a preview that nobody else needs to know. */
const madeUp = (plan: Plan) => learned(plan) && plan.targets.includes("partykit");

const VARIABLES: readonly Variable[] = [
  {
    name: "CONVEX_DEPLOY_KEY",
    what: "deploy key of the Convex deployment (dashboard, Settings); for a preview a preview deploy key",
    isNeeded: (plan, env) => deploys("convex")(plan) && !env.CONVEX_SELF_HOSTED_URL,
    check: checkDeployKey,
  },
  {
    name: "CONVEX_SELF_HOSTED_URL",
    what: "where a self-hosted Convex is, instead of a deploy key",
    isNeeded: () => false,
    check: (value) => (originOf(value) === value ? null : "is not an origin, without a path"),
  },
  {
    name: "CONVEX_SELF_HOSTED_ADMIN_KEY",
    what: "admin key of the self-hosted Convex that CONVEX_SELF_HOSTED_URL names",
    isNeeded: (plan, env) => deploys("convex")(plan) && !!env.CONVEX_SELF_HOSTED_URL,
  },
  {
    name: "VITE_CONVEX_URL",
    what: "where the page reaches Convex, https://….convex.cloud",
    isNeeded: (plan) => deploys("frontend")(plan) && !learned(plan),
    check: checkConvexUrl,
  },
  {
    name: "CONVEX_SITE_URL",
    what: "where PartyKit reaches Convex's HTTP actions, https://….convex.site",
    isNeeded: (plan) => deploys("partykit")(plan) && !learned(plan),
    check: checkConvexSiteUrl,
  },
  {
    name: "COLLABORATION_TOKEN_SECRET",
    what: "signs collaboration tokens; at least 32 random bytes, the same for Convex and PartyKit",
    isNeeded: (plan) => deploys("convex", "partykit")(plan) && !madeUp(plan),
    check: checkSecret,
  },
  {
    name: "ROOM_SERVICE_SECRET",
    what: "between PartyKit and Convex; at least 32 random bytes, the same for both",
    isNeeded: (plan) => deploys("convex", "partykit")(plan) && !madeUp(plan),
    check: checkSecret,
  },
  {
    name: "COLLABORATION_TOKEN_SECRET_SECOND",
    what: "while the secret is being replaced: the other one, accepted but not used",
    isNeeded: () => false,
    check: (value, _plan, env) => checkSecond(value, env.COLLABORATION_TOKEN_SECRET),
  },
  {
    name: "ROOM_SERVICE_SECRET_SECOND",
    what: "while the secret is being replaced: the other one, accepted but not used",
    isNeeded: () => false,
    check: (value, _plan, env) => checkSecond(value, env.ROOM_SERVICE_SECRET),
  },
  {
    name: "SITE_URL",
    what: "where people open the page, https://ripple.example.com",
    isNeeded: (plan) => deploys("convex", "partykit", "frontend")(plan) && plan.preview === null,
    check: checkOrigin,
  },
  {
    name: "PARTYKIT_DOMAIN",
    what: "host name of the rooms in your Cloudflare zone, rooms.example.com",
    isNeeded: (plan) => touches("partykit")(plan) || deploys("convex", "frontend")(plan),
    check: (value, _plan, env) => checkHost(value, env.SITE_URL),
  },
  {
    name: "PARTYKIT_LOGIN",
    what: "login that `npx partykit token generate` prints",
    isNeeded: (plan, _env, { partykitLogin }) => touches("partykit")(plan) && !partykitLogin,
  },
  {
    name: "PARTYKIT_TOKEN",
    what: "token that `npx partykit token generate` prints",
    isNeeded: (plan, _env, { partykitLogin }) => touches("partykit")(plan) && !partykitLogin,
  },
  {
    name: "CLOUDFLARE_ACCOUNT_ID",
    what: "the Cloudflare account that rooms and page go to",
    isNeeded: touches("partykit", "frontend"),
  },
  {
    name: "CLOUDFLARE_API_TOKEN",
    what: "Cloudflare API token that may edit Workers scripts, and Workers routes and DNS of the zone",
    isNeeded: touches("partykit", "frontend"),
  },
  {
    name: "CONVEX_MANAGEMENT_TOKEN",
    what: "access token of the Convex team (dashboard, Team settings), with which previews are deleted",
    isNeeded: deletesConvex,
  },
  {
    name: "CONVEX_PROJECT_ID",
    what: "number of the Convex project (dashboard, Project settings), in which previews are deleted",
    isNeeded: deletesConvex,
    check: (value) => (/^\d+$/.test(value) ? null : "is not a number"),
  },
  {
    name: "CLOUDFLARE_WORKERS_SUBDOMAIN",
    what: "the account's workers.dev subdomain: previews of the page are at ripple-pr-7.SUBDOMAIN.workers.dev",
    isNeeded: (plan) => plan.preview !== null && deploys("convex", "partykit", "frontend")(plan),
    check: (value) => (PREVIEW_NAME.test(value) ? null : "is not a single host name label"),
  },
];

/** Variables that no program gets unless it is handed them by name. */
export const KNOWN_NAMES: readonly string[] = [...VARIABLES.map(({ name }) => name), "CONVEX_DEPLOYMENT"];

export type Reading = { kind: "complete"; settings: Env } | { kind: "incomplete"; problems: string[] };

/** The settings of a plan with everything that can be derived, or what is missing or wrong, a line each. */
export function readSettings(plan: Plan, env: Env, surroundings: Surroundings): Reading {
  const problems: string[] = [];
  if (plan.action === "delete" && plan.preview === null) problems.push("only a preview can be deleted");
  if (plan.preview !== null && !PREVIEW_NAME.test(plan.preview)) {
    problems.push(`--preview: "${plan.preview}" cannot be part of a host name; use pr-7 or the like`);
  }
  const settings: Env = {};
  for (const { name, what, isNeeded, check } of VARIABLES) {
    const value = env[name] ?? "";
    if (value === "") {
      if (isNeeded(plan, env, surroundings)) problems.push(`${name} is missing: ${what}`);
      continue;
    }
    const fault = check?.(value, plan, env) ?? null;
    if (fault !== null) problems.push(`${name} ${fault}: ${what}`);
    settings[name] = value;
  }
  if (problems.length > 0) return { kind: "incomplete", problems };

  return {
    kind: "complete",
    settings: plan.preview === null ? settings : preview(plan, plan.preview, settings),
  };
}

/** The worker that serves the page: production's name, or the preview's own. */
export function pageWorker(name: string | null): string {
  return name === null ? "ripple" : `ripple-${name}`;
}

/** PartyKit puts a preview before the domain. */
export function partykitHost(plan: Plan, domain: string): string {
  return plan.preview === null ? domain : `${plan.preview}.${domain}`;
}

const newSecret = () => randomBytes(SECRET_MIN_BYTES).toString("base64url");

function preview(plan: Plan, name: string, settings: Env): Env {
  // Production's own secrets do not reach a preview, even where they are set.
  const kept = Object.entries(settings).filter(([key]) => !(madeUp(plan) && SHARED_SECRET.test(key)));
  const result: Env = Object.fromEntries(kept);
  if (madeUp(plan)) {
    result.COLLABORATION_TOKEN_SECRET = newSecret();
    result.ROOM_SERVICE_SECRET = newSecret();
  }
  const subdomain = settings.CLOUDFLARE_WORKERS_SUBDOMAIN;
  if (subdomain !== undefined) result.SITE_URL = `https://${pageWorker(name)}.${subdomain}.workers.dev`;
  return result;
}

function checkDeployKey(value: string, plan: Plan, env: Env): string | null {
  if (env.CONVEX_SELF_HOSTED_URL) return "and CONVEX_SELF_HOSTED_URL are both set; only one can be meant";
  // `prod:name|…`, `dev:name|…`, `preview:team:project|…`: a preview must not end up in production, nor the reverse.
  const kind = /^(prod|dev|preview|project):/.exec(value)?.[1];
  if (plan.preview !== null) return kind === "preview" ? null : "is not a preview deploy key";
  return kind === "preview" || kind === "dev" ? `is the key of a ${kind} deployment` : null;
}

/** What of an address stands before its path; `null` if it is none. */
function originOf(value: string): string | null {
  return URL.canParse(value) ? new URL(value).origin : null;
}

function checkOrigin(value: string): string | null {
  if (originOf(value) !== value) return "is not an origin like https://example.com, without a path";
  return value.startsWith("https:") ? null : "does not begin with https://";
}

/** The name of a deployment in one of Convex's own addresses. With a domain of one's own nothing can be told. */
function deploymentIn(url: string, topLevel: "cloud" | "site"): string | null {
  return new RegExp(`^https://([a-z0-9-]+)\\.(?:[a-z0-9-]+\\.)?convex\\.${topLevel}$`).exec(url)?.[1] ?? null;
}

function checkConvexUrl(value: string, _plan: Plan, env: Env): string | null {
  if (deploymentIn(value, "site") !== null) return "is where the HTTP actions are";
  const deployed = /^prod:([a-z0-9-]+)\|/.exec(env.CONVEX_DEPLOY_KEY ?? "")?.[1];
  const named = deploymentIn(value, "cloud");
  if (deployed !== undefined && named !== null && named !== deployed)
    return `is another deployment than ${deployed}, which CONVEX_DEPLOY_KEY is for`;
  return checkOrigin(value);
}

function checkConvexSiteUrl(value: string, _plan: Plan, env: Env): string | null {
  if (deploymentIn(value, "cloud") !== null) return "is not where the HTTP actions are";
  const page = deploymentIn(env.VITE_CONVEX_URL ?? "", "cloud");
  const named = deploymentIn(value, "site");
  if (page !== null && named !== null && named !== page) return "is another deployment than VITE_CONVEX_URL";
  return checkOrigin(value);
}

function checkHost(value: string, siteUrl: string | undefined): string | null {
  const isHost = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(value);
  if (!isHost) return "is not a host name, without https:// and without a path";
  return siteUrl === `https://${value}` ? "is the page's own: rooms need another one" : null;
}

function checkSecret(value: string): string | null {
  if (/['\n\r]/.test(value)) return "has a quote or a line break in it";
  return Buffer.byteLength(value) < SECRET_MIN_BYTES ? `has fewer than ${SECRET_MIN_BYTES} bytes` : null;
}

function checkSecond(value: string, current: string | undefined): string | null {
  return value === current ? "is the same as the first" : checkSecret(value);
}
