/**
 * The page for tests: as a developer has it, StrictMode's double effects included, but bundled, since a new browser
 * profile, of which the tests open many, would otherwise load hundreds of modules one by one. It is built once, without
 * addresses, and each stack gets a copy with its own.
 */
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binOf } from "./processes";

export interface Addresses {
  convexUrl: string;
  partykitHost: string;
}

const UNKNOWN: Addresses = {
  convexUrl: "http://convex-of-the-stack.invalid",
  partykitHost: "partykit-of-the-stack.invalid",
};

/** Tests wait for pages to come back, and few pages do; production's spread is simulated beside the policy. */
const RECONNECT_WITHIN_MS = 3_000;

export function buildPage(directory: string): void {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      binOf("vite"),
      "build",
      "--mode=development",
      `--outDir=${directory}`,
      "--sourcemap=false",
      "--minify=false",
      "--logLevel=error",
    ],
    {
      encoding: "utf8",
      env: {
        ...process.env,
        NODE_ENV: "development",
        VITE_CONVEX_URL: UNKNOWN.convexUrl,
        VITE_PARTYKIT_HOST: UNKNOWN.partykitHost,
        VITE_RECONNECT_WITHIN_MS: String(RECONNECT_WITHIN_MS),
      },
    },
  );
  if (status !== 0) throw new Error(`The page could not be built:\n${stdout}\n${stderr}`);
}

/** Copies what `buildPage` has built, with these addresses in it. */
export function copyPage(built: string, directory: string, addresses: Addresses): void {
  cpSync(built, directory, { recursive: true });
  let places = 0;
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".js")) continue;
    const file = join(directory, name);
    const code = readFileSync(file, "utf8");
    if (!Object.values(UNKNOWN).some((address: string) => code.includes(address))) continue;
    places++;
    writeFileSync(
      file,
      code
        .replaceAll(UNKNOWN.convexUrl, addresses.convexUrl)
        .replaceAll(UNKNOWN.partykitHost, addresses.partykitHost),
    );
  }
  if (places === 0) throw new Error(`${built} has no place for the addresses of a stack.`);
}
