/** The ports of local development, each with the variable that changes it. */
import { createServer } from "node:net";

export interface Port {
  what: string;
  variable: string;
  port: number;
}

function port(what: string, variable: string, fallback: number): Port {
  const text = process.env[variable];
  const value = text === undefined || text === "" ? fallback : Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) {
    throw new Error(`${variable} must be a port between 1 and 65535, not "${text ?? ""}".`);
  }
  return { what, variable, port: value };
}

export function localPorts() {
  return {
    vite: port("the web page (Vite)", "VITE_PORT", 5173),
    convex: port("the Convex API", "CONVEX_PORT", 3210),
    convexSite: port("Convex HTTP actions", "CONVEX_SITE_PORT", 3211),
    partykit: port("PartyKit", "PARTYKIT_PORT", 1999),
  };
}

/** Whether a server could listen there. All interfaces, since `partykit dev` binds them all. */
export async function isFree(port: number): Promise<boolean> {
  const canListen = (host?: string) =>
    new Promise<boolean>((resolve) => {
      const server = createServer()
        .once("error", () => resolve(false))
        .once("listening", () => server.close(() => resolve(true)));
      server.listen({ port, host, exclusive: true });
    });
  return (await canListen("127.0.0.1")) && (await canListen());
}

/**
 * The ports that tests give to servers. Systems take the ports of outgoing connections from above: one of theirs could be
 * gone when a server that was killed comes back to it, or a client that knocks there meanwhile could meet itself.
 */
const FIRST_TEST_PORT = 10_240;
const LAST_TEST_PORT = 32_767;

/** Test processes that run at the same time begin in different places. */
const PORTS_OF_A_PROCESS = 64;

let given = 0;

/** A port that nobody uses now, for tests. Never the same one twice. */
export async function freePort(): Promise<number> {
  const all = LAST_TEST_PORT - FIRST_TEST_PORT + 1;
  const begin = process.pid * PORTS_OF_A_PROCESS;
  while (given < all) {
    const candidate = FIRST_TEST_PORT + ((begin + given++) % all);
    if (await isFree(candidate)) return candidate;
  }
  throw new Error("no port is free");
}

/** A message for people about each port that is taken, or none. */
export async function describeTakenPorts(ports: Port[]): Promise<string[]> {
  const taken: string[] = [];
  for (const { what, variable, port } of ports) {
    if (await isFree(port)) continue;
    taken.push(
      `Port ${port}, for ${what}, is taken. Stop what uses it, or choose another: ${variable}=${port + 10_000} npm run dev`,
    );
  }
  return taken;
}
