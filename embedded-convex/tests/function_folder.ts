/** Function folders that a test writes and changes. They lie inside the repository, where packages are found. */
import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Not under version control. */
const PARENT = fileURLToPath(new URL("../../.tsbuild", import.meta.url));

export class FunctionFolder {
  readonly path: string;

  constructor(files: Record<string, string>) {
    mkdirSync(PARENT, { recursive: true });
    this.path = mkdtempSync(join(PARENT, "functions-"));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  remove(name: string): void {
    unlinkSync(join(this.path, name));
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
