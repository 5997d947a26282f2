import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import type { Value } from "convex/values";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { TokenVerifier } from "../auth/tokens";
import { QUIET } from "../conformance/deployment";
import { FunctionFolder } from "./function_folder";
import { AUDIENCE, startIssuer, type Issuer } from "./oidc_issuer";
import { removeFolder, startServerProcess, type ServerProcess } from "./server_process";

const POLL = { timeout: 30_000, interval: 10 };

const whoAmI = makeFunctionReference<"query", Record<string, never>, Record<string, Value> | null>("who:amI");

let good: Issuer;
let troubled: Issuer;
let server: ServerProcess;
let folder: FunctionFolder;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  [good, troubled] = await Promise.all([startIssuer(), startIssuer()]);
  const provider = ({ url }: Issuer) => `{ domain: "${url}", applicationID: "${AUDIENCE}" }`;
  folder = new FunctionFolder({
    "auth.config.ts": `export default { providers: [${provider(good)}, ${provider(troubled)}] };`,
    "who.ts": `
      import { queryGeneric } from "convex/server";
      export const amI = queryGeneric({ args: {}, handler: (ctx) => ctx.auth.getUserIdentity() });`,
  });
  server = await startServerProcess({ functions: folder.path });
});
afterAll(async () => {
  await server.stop();
  await Promise.all([good.stop(), troubled.stop()]);
  removeFolder(server.data);
  folder.dispose();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function ask(token: string): Promise<Record<string, Value> | null> {
  const http = new ConvexHttpClient(server.url, QUIET);
  http.setAuth(token);
  return await http.query(whoAmI, {});
}

function connect(): ConvexClient {
  const client = new ConvexClient(server.url, QUIET);
  cleanups.push(() => client.close());
  return client;
}

test("a token of an issuer that was found by discovery is accepted, over HTTP and over the WebSocket", async () => {
  const token = await good.token({ name: "Ada" });
  const expected = { issuer: good.url, subject: "user|1", name: "Ada" };
  expect(await ask(token)).toMatchObject(expected);
  const client = connect();
  client.setAuth(() => Promise.resolve(token));
  await expect.poll(() => client.query(whoAmI, {}), POLL).toMatchObject(expected);
});

describe("a token is refused, with the reason,", () => {
  const now = Math.floor(Date.now() / 1000);
  test.each([
    ["of an issuer that is not configured", { iss: "http://127.0.0.1:1" }, /No auth provider found/],
    ["for another audience", { aud: "somebody else" }, /unexpected \\"aud\\" claim value/],
    ["that has expired", { iat: now - 120, exp: now - 60 }, /exp\\" claim timestamp check failed/],
    ["that is not valid yet", { nbf: now + 600 }, /nbf\\" claim timestamp check failed/],
    ["without a subject", { sub: undefined }, /missing required \\"sub\\" claim/],
  ])("%s", async (_what, claims, reason) => {
    await expect(ask(await good.token(claims))).rejects.toThrow(reason);
  });
  test("of another issuer's key", async () => {
    const forged = await troubled.token({ iss: good.url });
    await expect(ask(forged)).rejects.toThrow(/signature verification failed/);
  });
});

describe("an issuer whose keys cannot be had", () => {
  test.each([
    ["fails", /discovery answered 500/],
    ["names another issuer", /discovery names another issuer, https:\/\/elsewhere\.test/],
    ["answers with junk", /Could not load the keys of http/],
  ] as const)("because its discovery %s is tried again with the next token", async (behaviour, reason) => {
    const [issuer, verifier] = await issuerOfItsOwn();
    const token = await issuer.token();
    issuer.behaviour = behaviour;
    expect(await verifier.verify(token)).toMatchObject({
      kind: "invalid",
      reason: expect.stringMatching(reason) as string,
    });
    issuer.behaviour = "answers";
    expect(await verifier.verify(token)).toMatchObject({ kind: "valid" });
  });

  test("because nobody listens there is named", async () => {
    const [issuer, verifier] = await issuerOfItsOwn();
    await issuer.stop();
    const reason = /Could not load the keys of http.*ECONNREFUSED/;
    expect(await verifier.verify(await issuer.token())).toMatchObject({
      reason: expect.stringMatching(reason) as string,
    });
  });

  test("because it does not answer is waited for so long and no longer", async () => {
    const [issuer, verifier] = await issuerOfItsOwn(50);
    issuer.behaviour = "hangs";
    const token = await issuer.token();
    const reason = /Could not load the keys of http.*timeout/;
    expect(await verifier.verify(token)).toMatchObject({ reason: expect.stringMatching(reason) as string });
    issuer.behaviour = "answers";
    expect(await verifier.verify(token)).toMatchObject({ kind: "valid" });
  });

  async function issuerOfItsOwn(timeoutMs?: number): Promise<[Issuer, TokenVerifier]> {
    const issuer = await startIssuer();
    cleanups.push(() => issuer.stop());
    const config = { providers: [{ domain: issuer.url, applicationID: AUDIENCE }] };
    return [issuer, new TokenVerifier(config, timeoutMs)];
  }
});

test("while an issuer does not answer, only those who come with its tokens wait", async () => {
  troubled.behaviour = "hangs";
  const stuck = connect();
  const changes: boolean[] = [];
  const slow = await troubled.token();
  stuck.setAuth(
    ({ forceRefreshToken }) => Promise.resolve(forceRefreshToken ? null : slow),
    (authenticated) => changes.push(authenticated),
  );
  await expect.poll(() => troubled.waiting(), POLL).toBeGreaterThan(0);

  expect(await ask(await good.token({ sub: "somebody else" }))).toMatchObject({ subject: "somebody else" });
  const client = connect();
  client.setAuth(() => good.token());
  await expect.poll(() => client.query(whoAmI, {}), POLL).toMatchObject({ subject: "user|1" });
  expect(await connect().query(whoAmI, {})).toBeNull();
  expect(changes).toEqual([]);

  troubled.behaviour = "answers";
  troubled.hangUp();
  await expect.poll(() => changes, POLL).toEqual([false]);
  expect(await stuck.query(whoAmI, {})).toBeNull();
  expect(await ask(slow)).toMatchObject({ issuer: troubled.url });
});

test("the keys of a custom provider may be in its configuration itself", async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "inline", alg: "ES256" }] });
  const verifier = new TokenVerifier({
    providers: [
      {
        type: "customJwt",
        issuer: "https://inline.test",
        applicationID: AUDIENCE,
        jwks: `data:application/json;base64,${Buffer.from(keys).toString("base64")}`,
        algorithm: "ES256",
      },
    ],
  });
  const token = await new SignJWT({ sub: "inline" })
    .setProtectedHeader({ alg: "ES256", kid: "inline" })
    .setIssuer("https://inline.test")
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
  expect(await verifier.verify(token)).toMatchObject({
    kind: "valid",
    identity: { attributes: { subject: "inline" } },
  });
});
