/**
 * The local secrets. Made once, kept in two files that git ignores:
 *
 *   .env                   PartyKit's variables; `partykit dev` reads this file by itself
 *   .embedded-convex/.env  the environment of the Convex functions on the embedded backend
 *
 * The secrets that both sides must know are decided by `.env`; the other file follows it.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";

export type Env = Record<string, string>;

export function readEnvFile(path: string): Env {
  if (!existsSync(path)) return {};
  const env: Env = {};
  for (const [key, value] of Object.entries(parseEnv(readFileSync(path, "utf8")))) {
    if (value !== undefined) env[key] = value;
  }
  return env;
}

/** Appends what is missing and replaces what differs; every other line, comments included, stays as it is. */
function updateEnvFile(path: string, values: Env): void {
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const current = readEnvFile(path);
  const kept = before
    .split("\n")
    .filter((line) => {
      const key = /^\s*([A-Z0-9_]+)\s*=/.exec(line)?.[1];
      return key === undefined || values[key] === undefined || values[key] === current[key];
    })
    .join("\n")
    .trimEnd();
  const added = Object.entries(values)
    .filter(([key, value]) => current[key] !== value)
    .map(([key, value]) => `${key}='${value}'`);
  if (added.length === 0) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, [...(kept ? [kept] : []), ...added, ""].join("\n"), { mode: 0o600 });
}

const newSecret = () => randomBytes(32).toString("base64url");

/** The key pair with which Convex Auth signs its sessions, in the form that it reads from the environment. */
export function newAuthKeys(): { JWT_PRIVATE_KEY: string; JWKS: string } {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString().trim();
  return {
    JWT_PRIVATE_KEY: pem.replaceAll("\n", " "),
    JWKS: JSON.stringify({ keys: [{ use: "sig", ...publicKey.export({ format: "jwk" }) }] }),
  };
}

export interface LocalAddresses {
  /** Where PartyKit reaches Convex's HTTP actions. */
  convexSiteUrl: string;
  /** Where the page is served: `SITE_URL` of both. */
  siteUrl: string;
  /** Where the Convex functions reach the rooms. */
  partykitUrl: string;
}

/** Creates or completes both files under `directory` and returns what each holds now. */
export function ensureLocalEnv(directory: string, addresses: LocalAddresses): { partykit: Env; convex: Env } {
  const partykitFile = join(directory, ".env");
  const convexFile = join(directory, ".embedded-convex", ".env");
  const partykit = readEnvFile(partykitFile);
  const convex = readEnvFile(convexFile);

  const shared = {
    COLLABORATION_TOKEN_SECRET: partykit.COLLABORATION_TOKEN_SECRET ?? newSecret(),
    ROOM_SERVICE_SECRET: partykit.ROOM_SERVICE_SECRET ?? newSecret(),
  };
  updateEnvFile(partykitFile, {
    CONVEX_SITE_URL: addresses.convexSiteUrl,
    SITE_URL: addresses.siteUrl,
    ...shared,
  });

  const { JWT_PRIVATE_KEY, JWKS } = convex;
  const authKeys = JWT_PRIVATE_KEY && JWKS ? { JWT_PRIVATE_KEY, JWKS } : newAuthKeys();
  // Convex Auth otherwise writes a line for every call, some with the email address in it.
  const quiet = { AUTH_LOG_LEVEL: "ERROR" };
  const { siteUrl: SITE_URL, partykitUrl: PARTYKIT_URL } = addresses;
  updateEnvFile(convexFile, { SITE_URL, PARTYKIT_URL, ...quiet, ...shared, ...authKeys });

  return { partykit: readEnvFile(partykitFile), convex: readEnvFile(convexFile) };
}
