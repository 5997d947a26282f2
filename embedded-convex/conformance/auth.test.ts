import { generateKeyPair, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { api } from "./api";
import { httpClient, PATIENCE, useDeployment, withClient } from "./deployment";

const deployment = useDeployment();

describe("a caller", () => {
  test("without a token is nobody", async () => {
    expect(await httpClient(deployment).query(api.identity.whoAmI, {})).toBeNull();
  });

  test("with a token of an OpenID provider has its claims under Convex's names", async () => {
    const http = httpClient(deployment);
    http.setAuth(
      await deployment.token({
        sub: "user|7",
        name: "Ada",
        given_name: "A",
        email: "ada@example.com",
        email_verified: true,
        picture: "https://example.com/a.png",
        phone_number: "+1",
        custom_claim: { deep: [1] },
      }),
    );
    expect(await http.query(api.identity.whoAmI, {})).toEqual({
      tokenIdentifier: `${deployment.siteUrl}|user|7`,
      issuer: deployment.siteUrl,
      subject: "user|7",
      name: "Ada",
      givenName: "A",
      email: "ada@example.com",
      emailVerified: true,
      pictureUrl: "https://example.com/a.png",
      phoneNumber: "+1",
      custom_claim: { deep: [1] },
    });
    expect(await http.mutation(api.identity.subjectInMutation, {})).toBe("user|7");
    expect(await http.action(api.identity.subjectInAction, {})).toBe("user|7");
  });

  test("with a token of a custom JWT provider is known too", async () => {
    const http = httpClient(deployment);
    http.setAuth(
      await deployment.token({ iss: "https://custom.conformance.test", aud: "conformance-custom" }),
    );
    expect(await http.query(api.identity.whoAmI, {})).toMatchObject({
      issuer: "https://custom.conformance.test",
      subject: "user|1",
    });
  });
});

describe("refused over HTTP", () => {
  const refused: [string, () => Promise<string>][] = [
    ["garbage", () => Promise.resolve("garbage")],
    ["a token that has expired", () => deployment.token({}, { expiresIn: -60 })],
    ["a token for another audience", () => deployment.token({ aud: "somebody else" })],
    ["a token of an unknown issuer", () => deployment.token({ iss: "https://elsewhere.test" })],
    [
      "a token that another key signed",
      async () => deployment.token({}, { key: (await generateKeyPair("RS256")).privateKey }),
    ],
    [
      "a token that is signed with the public key as a secret",
      async () =>
        await new SignJWT({ sub: "user|1" })
          .setProtectedHeader({ alg: "HS256" })
          .setIssuer(deployment.siteUrl)
          .setAudience("conformance")
          .setIssuedAt()
          .setExpirationTime("1h")
          .sign(new TextEncoder().encode("anything that is long enough for it")),
    ],
  ];
  test.each(refused)("%s", async (_what, make) => {
    const http = httpClient(deployment);
    http.setAuth(await make());
    await expect(http.query(api.identity.whoAmI, {})).rejects.toThrow();
  });
});

test("a client that signs in and out sees its queries as the one and as nobody", async () => {
  await withClient(deployment, async (client) => {
    const subjects: (string | null)[] = [];
    client.onUpdate(api.identity.whoAmI, {}, (identity) => subjects.push(identity?.subject ?? null));
    await expect.poll(() => subjects, PATIENCE).toEqual([null]);
    let tokens = 0;
    client.setAuth(async () => {
      const token = await deployment.token({ sub: "user|8" });
      tokens += 1;
      return token;
    });
    await expect.poll(() => subjects.at(-1), PATIENCE).toBe("user|8");
    expect(await client.mutation(api.identity.subjectInMutation, {})).toBe("user|8");
    // The client renews its first token at once; signing out before it has done so would be undone by that.
    await expect.poll(() => tokens, PATIENCE).toBeGreaterThanOrEqual(2);
    client.client.clearAuth();
    await expect.poll(() => subjects.at(-1), PATIENCE).toBeNull();
  });
});

test("a client whose token expires while it is connected fetches another and goes on", async () => {
  await withClient(deployment, async (client) => {
    const names: unknown[] = [];
    let tokens = 0;
    client.onUpdate(api.identity.whoAmI, {}, (identity) => names.push(identity?.name));
    client.setAuth(() => {
      tokens += 1;
      // The client does not renew what lives so shortly by itself, so the server has to end it.
      return deployment.token({ name: `token ${tokens}` }, { expiresIn: tokens <= 2 ? 2 : 3_600 });
    });
    await expect.poll(() => names.at(-1), PATIENCE).toBe("token 3");
    // From the first token on it is never taken for nobody.
    expect(names.slice(names.findIndex((name) => name !== undefined))).not.toContain(undefined);
    expect(await client.mutation(api.identity.subjectInMutation, {})).toBe("user|1");
  });
});

test("a client whose token is refused is told so and goes on as nobody", async () => {
  await withClient(deployment, async (client) => {
    const changes: boolean[] = [];
    const { privateKey } = await generateKeyPair("RS256");
    client.setAuth(
      () => deployment.token({}, { key: privateKey }),
      (authenticated) => changes.push(authenticated),
    );
    await expect.poll(() => changes, PATIENCE).toEqual([false]);
    expect(await client.query(api.identity.whoAmI, {})).toBeNull();
  });
});
