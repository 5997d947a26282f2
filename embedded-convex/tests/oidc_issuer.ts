/** A small OpenID provider on loopback: its discovery document, its keys, and tokens of them. */
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from "jose";
import { createServer, type ServerResponse } from "node:http";
import { close, listen } from "../http/listener";

/** What the provider does when it is asked where its keys are. */
export type Behaviour = "answers" | "hangs" | "fails" | "names another issuer" | "answers with junk";

export interface Issuer {
  /** As `iss`, and as `domain` in auth.config.ts. */
  url: string;
  behaviour: Behaviour;
  /** How many requests wait for an answer that does not come. */
  waiting(): number;
  /** Cuts the connections of those who wait. */
  hangUp(): void;
  token(claims?: JWTPayload): Promise<string>;
  stop(): Promise<void>;
}

export const AUDIENCE = "tests";

export async function startIssuer(behaviour: Behaviour = "answers", port = 0): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "key", use: "sig", alg: "RS256" };
  const waiting = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const answer = (body: unknown, status = 200) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    if (request.url === "/keys") return void answer({ keys: [jwk] });
    if (request.url !== "/.well-known/openid-configuration") return void answer({}, 404);
    const document = { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
    switch (issuer.behaviour) {
      case "answers":
        return void answer(document);
      case "hangs":
        return void waiting.add(response);
      case "fails":
        return void answer({}, 500);
      case "names another issuer":
        return void answer({ ...document, issuer: "https://elsewhere.test" });
      case "answers with junk":
        return void answer({ jwks: [] });
    }
  });
  const issuer: Issuer = {
    url: `http://127.0.0.1:${await listen(server, "127.0.0.1", port)}`,
    behaviour,
    waiting: () => waiting.size,
    hangUp: () => {
      for (const response of waiting) response.destroy();
      waiting.clear();
    },
    token: async (claims = {}) => {
      const now = Math.floor(Date.now() / 1000);
      return await new SignJWT({
        iss: issuer.url,
        aud: AUDIENCE,
        sub: "user|1",
        iat: now,
        exp: now + 3_600,
        ...claims,
      })
        .setProtectedHeader({ alg: "RS256", kid: "key" })
        .sign(privateKey);
    },
    stop: () => close(server),
  };
  return issuer;
}
