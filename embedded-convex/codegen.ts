/** Keeps `convex/_generated` up to date with the `convex` package's own generator, which works offline. */
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export class Codegen {
  private running: ChildProcess | null = null;
  private again = false;
  private stopped = false;

  constructor(
    private readonly functions: string,
    private readonly print: (line: string) => void,
  ) {}

  /** Functions import what is generated, so the very first time it has to be there before they are loaded. */
  async ensure(): Promise<void> {
    if (existsSync(join(this.functions, "_generated", "server.js"))) return;
    this.run();
    const child = this.running;
    if (child !== null) await once(child, "close");
  }

  /** Generates; when it is doing so already, once more afterwards. */
  run(): void {
    if (basename(this.functions) !== "convex" || this.stopped) return;
    if (this.running !== null) {
      this.again = true;
      return;
    }
    const manifest = createRequire(join(this.functions, "_")).resolve("convex/package.json");
    const child = spawn(
      process.execPath,
      [join(dirname(manifest), "bin", "main.js"), "codegen", "--system-udfs", "--typecheck", "disable"],
      { cwd: dirname(this.functions), stdio: ["ignore", "pipe", "pipe"] },
    );
    this.running = child;
    let output = "";
    const collect = (part: Buffer) => (output += part.toString("utf8"));
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => this.print(`Code generation could not start: ${error.message}`));
    child.on("close", (code) => {
      this.running = null;
      if (code !== 0 && !this.stopped) this.print(`Code generation failed.\n${output.trimEnd()}`);
      if (this.again) {
        this.again = false;
        this.run();
      }
    });
  }

  stop(): void {
    this.stopped = true;
    this.running?.kill();
  }
}
