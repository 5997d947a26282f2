import { createServer } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { describeTakenPorts, freePort, localPorts } from "./ports";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("local ports", () => {
  it("follow their variables", () => {
    vi.stubEnv("PARTYKIT_PORT", "2999");
    expect(localPorts().partykit.port).toBe(2999);
    expect(localPorts().vite.port).toBe(5173);
  });

  it.each(["0", "65536", "http", "1.5"])("refuse %s", (value) => {
    vi.stubEnv("VITE_PORT", value);
    expect(() => localPorts()).toThrow(/VITE_PORT/);
  });

  it("are named, with the variable that changes them, when somebody else has them", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const taken = typeof address === "object" && address !== null ? address.port : 0;
    const port = (value: number) => ({ what: "PartyKit", variable: "PARTYKIT_PORT", port: value });
    const messages = await describeTakenPorts([port(taken), port(await freePort())]);
    await new Promise((resolve) => server.close(resolve));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(`Port ${taken}, for PartyKit, is taken`);
    expect(messages[0]).toContain("PARTYKIT_PORT=");
  });
});
