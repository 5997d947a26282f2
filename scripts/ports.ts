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

/** A port that nobody uses now, for tests. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("the system gave no port"));
      });
    });
  });
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
