/** Which Convex this checkout works with: a configured deployment, or the embedded one. */
import { join } from "node:path";
import { localPorts } from "./ports";
import { readEnvFile, type Env } from "./local-env";

export type Backend =
  | { kind: "embedded"; url: string; siteUrl: string }
  | { kind: "deployment"; name: string; url: string; siteUrl: string };

/** `convex dev` writes the deployment into .env.local; the shell's environment wins over it. */
export function readBackend(directory: string): Backend {
  const env: Env = { ...readEnvFile(join(directory, ".env.local")) };
  for (const [key, value] of Object.entries(process.env)) if (value !== undefined) env[key] = value;

  const name = env.CONVEX_DEPLOYMENT || env.CONVEX_SELF_HOSTED_URL;
  if (!name) {
    const { convex, convexSite } = localPorts();
    return {
      kind: "embedded",
      url: `http://127.0.0.1:${convex.port}`,
      siteUrl: `http://127.0.0.1:${convexSite.port}`,
    };
  }
  const url = env.VITE_CONVEX_URL ?? env.CONVEX_URL ?? env.CONVEX_SELF_HOSTED_URL;
  const siteUrl =
    env.VITE_CONVEX_SITE_URL ?? env.CONVEX_SITE_URL ?? url?.replace(/\.convex\.cloud$/, ".convex.site");
  if (!url || !siteUrl) {
    throw new Error(
      `The Convex deployment ${name} is configured, but not its addresses. Run \`npx convex dev --once\`, which ` +
        "writes VITE_CONVEX_URL into .env.local; a self-hosted one also needs VITE_CONVEX_SITE_URL there.",
    );
  }
  return { kind: "deployment", name, url, siteUrl };
}
