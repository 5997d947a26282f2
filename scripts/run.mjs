/**
 * Runs `scripts/NAME.ts`: `node scripts/run.mjs NAME [arguments…]`.
 *
 * The only script in plain JavaScript, because it has to work before anything is installed: it installs what
 * package-lock.json asks for and node_modules lacks, then hands over to TypeScript in the same process.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function readPackages(lockfile) {
  return existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, "utf8")).packages : {};
}

/** npm keeps a lockfile of what it really installed; optional packages of other platforms are not in it. */
function isInstalled() {
  const wanted = readPackages(join(root, "package-lock.json"));
  const installed = readPackages(join(root, "node_modules/.package-lock.json"));
  return Object.entries(wanted).every(
    ([path, { version, optional, peer }]) =>
      path === "" || optional || (peer && !installed[path]) || installed[path]?.version === version,
  );
}

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split(".").map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  console.error(`Ripple needs Node ${major}.${minor} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

requireNode(20, 19);
process.chdir(root);

if (!isInstalled()) {
  console.log("Installing packages (about a minute)…");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    console.error("`npm ci` failed; see above. Nothing was started.");
    process.exit(1);
  }
}

const [name, ...args] = process.argv.slice(2);
const script = join(root, "scripts", `${name}.ts`);
const { register } = await import("tsx/esm/api");
register();
process.argv = [process.argv[0], script, ...args];
await import(pathToFileURL(script).href);
