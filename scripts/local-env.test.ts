import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importPKCS8 } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureLocalEnv } from "./local-env";

const addresses = {
  convexSiteUrl: "http://127.0.0.1:3211",
  siteUrl: "http://127.0.0.1:5173",
  partykitUrl: "http://127.0.0.1:1999",
};
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ripple-env-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe("local secrets", () => {
  it("are made once and kept", () => {
    const first = ensureLocalEnv(directory, addresses);
    expect(first.partykit.COLLABORATION_TOKEN_SECRET).toMatch(/^[\w-]{43}$/);
    expect(ensureLocalEnv(directory, addresses)).toEqual(first);
  });

  it("are the same for PartyKit and Convex where both must know them, whoever changed them", () => {
    ensureLocalEnv(directory, addresses);
    writeFileSync(
      join(directory, ".env"),
      "# mine\nCOLLABORATION_TOKEN_SECRET=chosen\nROOM_SERVICE_SECRET=other\n",
    );
    const { partykit, convex } = ensureLocalEnv(directory, addresses);
    expect(partykit.COLLABORATION_TOKEN_SECRET).toBe("chosen");
    expect(convex).toMatchObject({ COLLABORATION_TOKEN_SECRET: "chosen", ROOM_SERVICE_SECRET: "other" });
    expect(readFileSync(join(directory, ".env"), "utf8")).toContain("# mine");
  });

  it("follow a changed address without touching the secrets", () => {
    const { partykit: before } = ensureLocalEnv(directory, addresses);
    const { partykit: after } = ensureLocalEnv(directory, {
      ...addresses,
      convexSiteUrl: "http://127.0.0.1:1",
    });
    expect(after).toEqual({ ...before, CONVEX_SITE_URL: "http://127.0.0.1:1" });
  });

  it("hold an auth key that Convex Auth can read, and do not hand it to PartyKit", async () => {
    const { convex, partykit } = ensureLocalEnv(directory, addresses);
    const key = await importPKCS8(
      (convex.JWT_PRIVATE_KEY ?? "").replaceAll(/(?<!BEGIN|END|PRIVATE) /g, "\n"),
      "RS256",
    );
    expect(key.type).toBe("private");
    expect(JSON.parse(convex.JWKS ?? "")).toMatchObject({ keys: [{ kty: "RSA", use: "sig" }] });
    expect(Object.keys(partykit).sort()).toEqual([
      "COLLABORATION_TOKEN_SECRET",
      "CONVEX_SITE_URL",
      "ROOM_SERVICE_SECRET",
      "SITE_URL",
    ]);
  });

  it("can be read by their owner only", () => {
    ensureLocalEnv(directory, addresses);
    for (const file of [".env", ".embedded-convex/.env"]) {
      expect(statSync(join(directory, file)).mode & 0o077).toBe(0);
    }
  });
});
