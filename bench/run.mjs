/**
 * `npm run bench -- [scenario] [options]`: installs what this folder's package-lock.json asks for, and hands over to
 * TypeScript in the same process.
 */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const bench = dirname(fileURLToPath(import.meta.url));
const root = dirname(bench);

/** npm writes its own copy of the lockfile when it has installed all of it. */
function isInstalled(directory) {
  const installed = join(directory, "node_modules/.package-lock.json");
  const wanted = join(directory, "package-lock.json");
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
}

for (const directory of [root, bench]) {
  if (isInstalled(directory)) continue;
  console.error(`Installing what ${directory} needs…`);
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: directory,
    // The table and the JSON are what stdout is for.
    stdio: ["inherit", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    console.error("`npm ci` failed; see above. Nothing was measured.");
    process.exit(1);
  }
}

process.chdir(root);
const { register } = await import("tsx/esm/api");
register();
await import(pathToFileURL(join(bench, "main.ts")).href);
