/**
 * `npm run bench -- sizes`: how much JavaScript a browser fetches before a page works, compressed. A route is what
 * its modules import at once; the shell is a part of each.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { binOf } from "../scripts/processes";

const ROUTES = {
  shell: ["index.html"],
  document: ["index.html", "src/documents/DocumentPage.tsx"],
  diagram: ["index.html", "src/diagrams/DiagramPage.tsx", "src/diagrams/DiagramEditor.tsx"],
};

const Manifest = z.record(
  z.string(),
  z.object({ file: z.string(), imports: z.array(z.string()).default([]) }),
);

function filesOf(manifest: z.infer<typeof Manifest>, names: readonly string[]): Set<string> {
  const files = new Set<string>();
  const add = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`the build has no ${name}`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    chunk.imports.forEach(add);
  };
  names.forEach(add);
  return files;
}

/** Builds the page as it is shipped, and prints a line for each route. */
export function printSizes(): void {
  const directory = mkdtempSync(join(tmpdir(), "ripple-sizes-"));
  try {
    const args = [
      binOf("vite"),
      "build",
      `--outDir=${directory}`,
      "--manifest=manifest.json",
      "--logLevel=error",
    ];
    execFileSync(process.execPath, args, { stdio: ["ignore", 2, 2] });
    const manifest = Manifest.parse(JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8")));
    for (const [route, names] of Object.entries(ROUTES)) {
      const files = [...filesOf(manifest, names)];
      const bytes = files.reduce(
        (sum, file) => sum + gzipSync(readFileSync(join(directory, file))).length,
        0,
      );
      const size = `${(bytes / 1000).toFixed(1)} KB`;
      process.stdout.write(`${route.padEnd(10)}${size.padStart(10)}  in ${files.length} files\n`);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}
