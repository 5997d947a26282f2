/** Builds the page once for the stacks of all workers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPage } from "../scripts/page-build";

/** The variable that says to the workers where it is. */
export const BUILT_PAGE = "RIPPLE_BUILT_PAGE";

export default function buildPageOnce(): () => void {
  const directory = mkdtempSync(join(tmpdir(), "ripple-page-"));
  buildPage(directory);
  process.env[BUILT_PAGE] = directory;
  return () => {
    rmSync(directory, { recursive: true });
  };
}
