/**
 * What the conformance suite runs against: the deployment at CONFORMANCE_URL when that is set (with
 * CONFORMANCE_SITE_URL, and CONFORMANCE_PRIVATE_KEY for the key whose public half is its variable JWKS), otherwise
 * the embedded Convex. `embedded-convex/conformance/convex` has to be deployed there, nothing else is assumed.
 */
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { exportJWK, exportPKCS8, generateKeyPair, importPKCS8, SignJWT, type JWTPayload } from "jose";
import { writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import {
  removeFolder,
  startServerProcess,
  temporaryFolder,
  type ServerProcess,
} from "../tests/server_process";

export const CONFORMANCE_FUNCTIONS = fileURLToPath(new URL("./convex", import.meta.url));

const KEY_ID = "conformance";

/** Long enough for a deployment far away. */
export const PATIENCE = { timeout: 15_000, interval: 20 };

export interface Deployment {
  url: string;
  siteUrl: string;
  /** Only of the embedded one. */
  process: ServerProcess | null;
  /** Signs a token of the OIDC provider, unless claims say otherwise. */
  token(claims?: JWTPayload, options?: { expiresIn?: number; key?: CryptoKey }): Promise<string>;
}

/** A deployment for all tests of a file. */
export function useDeployment(): Deployment {
  const deployment: Deployment = {
    url: process.env["CONFORMANCE_URL"] ?? "",
    siteUrl: process.env["CONFORMANCE_SITE_URL"] ?? "",
    process: null,
    token: () => Promise.reject(new Error("the deployment has not been started")),
  };
  let folder: string | null = null;
  beforeAll(async () => {
    let pkcs8 = process.env["CONFORMANCE_PRIVATE_KEY"];
    if (deployment.url === "") {
      folder = temporaryFolder();
      const pair = await generateKeyPair("RS256", { extractable: true });
      pkcs8 = await exportPKCS8(pair.privateKey);
      const jwk = { ...(await exportJWK(pair.publicKey)), kid: KEY_ID, use: "sig", alg: "RS256" };
      writeFileSync(join(folder, ".env"), `JWKS='${JSON.stringify({ keys: [jwk] })}'\n`);
      const server = await startServerProcess({ functions: CONFORMANCE_FUNCTIONS, data: folder });
      Object.assign(deployment, { url: server.url, siteUrl: server.siteUrl, process: server });
    }
    if (pkcs8 === undefined) throw new Error("CONFORMANCE_PRIVATE_KEY is not set");
    const key = await importPKCS8(pkcs8, "RS256");
    deployment.token = async (claims = {}, options = {}) => {
      const now = Math.floor(Date.now() / 1000);
      return await new SignJWT({
        iss: deployment.siteUrl,
        aud: "conformance",
        sub: "user|1",
        iat: now,
        exp: now + (options.expiresIn ?? 3_600),
        ...claims,
      })
        .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: KEY_ID })
        .sign(options.key ?? key);
    };
  });
  afterAll(async () => {
    await deployment.process?.stop();
    if (folder !== null) removeFolder(folder);
  });
  return deployment;
}

/** Runs a test body with an official client and closes it afterwards, whatever happens. */
export async function withClient(
  deployment: Deployment,
  body: (client: ConvexClient) => Promise<void>,
): Promise<void> {
  const client = new ConvexClient(deployment.url, QUIET);
  try {
    await body(client);
  } finally {
    await client.close();
  }
}

export async function withTwoClients(
  deployment: Deployment,
  body: (one: ConvexClient, two: ConvexClient) => Promise<void>,
): Promise<void> {
  await withClient(deployment, (one) => withClient(deployment, (two) => body(one, two)));
}

export function httpClient(deployment: Deployment): ConvexHttpClient {
  return new ConvexHttpClient(deployment.url, QUIET);
}

/** Failures that a test provokes are not worth the client's red lines. */
export const QUIET = { logger: false } as const;

/** Names a test's own data, so that tests share a deployment without meeting. */
export function newRun(): string {
  return randomUUID();
}
