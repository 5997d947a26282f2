/** Finds a Chromium for the end-to-end tests, and installs one where there is none. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";
import { binOf } from "./processes";

const SYSTEM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The path of `CHROMIUM_PATH`, the system's Chromium or Playwright's own, in this order. */
export function findChromium(): string | undefined {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`CHROMIUM_PATH names ${chosen}, which does not exist.`);
    return chosen;
  }
  const directories = (process.env.PATH ?? "").split(delimiter);
  const onSystem = SYSTEM_NAMES.flatMap((name) => directories.map((directory) => join(directory, name)));
  return [...onSystem, chromium.executablePath()].find((path) => existsSync(path));
}

function run(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: "inherit" }).status === 0;
}

/** Playwright's build where its download is reachable, else Debian's package. */
export function ensureChromium(): string {
  const found = findChromium();
  if (found !== undefined) return found;

  console.log("No Chromium found; installing one…");
  if (!run(process.execPath, [binOf("@playwright/test", "playwright"), "install", "chromium"])) {
    const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
    const apt = [...sudo, "apt-get"];
    const aptGet = (...args: string[]) => run(apt[0] ?? "apt-get", [...apt.slice(1), ...args]);
    aptGet("update");
    aptGet("install", "-y", "--no-install-recommends", "chromium");
  }
  const installed = findChromium();
  if (installed === undefined) {
    throw new Error("No Chromium could be installed. Install one and set CHROMIUM_PATH to it.");
  }
  return installed;
}
