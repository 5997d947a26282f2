/**
 * What `convex dev` does beside running functions: it keeps `convex/_generated` up to date, with the `convex`
 * package's own generator (which works offline), and shows type errors. Both run as processes of their own, after the
 * functions are live; nothing waits for them.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

type Result = { kind: "done" } | { kind: "failed"; output: string } | { kind: "stopped" };

export class Development {
  private child: ChildProcess | null = null;
  private running = false;
  private again = false;
  private stopped = false;
  private lastTypeErrors = "";

  constructor(
    /** The functions folder. */
    private readonly functions: string,
    private readonly print: (line: string) => void,
  ) {}

  /** Functions import what is generated, so the very first time it has to be there before they are loaded. */
  async ensureGenerated(): Promise<void> {
    if (!existsSync(join(this.functions, "_generated", "server.js"))) await this.generate();
  }

  /** Call it after every load. While it is at work already, it does so once more afterwards. */
  follow(): void {
    if (this.stopped) return;
    this.again = true;
    if (this.running) return;
    this.running = true;
    this.work().then(
      () => (this.running = false),
      (error: unknown) => {
        this.running = false;
        this.print(`Code generation and type check could not run: ${messageOf(error)}`);
      },
    );
  }

  stop(): void {
    this.stopped = true;
    this.child?.kill();
  }

  private async work(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      await this.generate();
      await this.checkTypes();
    }
  }

  private async generate(): Promise<void> {
    // The generator looks for a folder of this name, beside a package.json.
    if (basename(this.functions) !== "convex") return;
    const program = join(this.packageFolder("convex"), "bin", "main.js");
    const result = await this.run(program, ["codegen", "--system-udfs", "--typecheck", "disable"]);
    if (result.kind === "failed") this.print(`Code generation failed.\n${result.output}`);
  }

  private async checkTypes(): Promise<void> {
    const project = join(this.functions, "tsconfig.json");
    if (this.stopped || !existsSync(project)) return;
    const program = join(this.packageFolder("typescript"), "bin", "tsc");
    const result = await this.run(program, ["--noEmit", "--project", project]);
    if (result.kind === "failed" && result.output !== this.lastTypeErrors) {
      this.print(
        `Type errors in ${basename(this.functions)}/ (the functions run nevertheless):\n${result.output}`,
      );
    }
    if (result.kind === "done" && this.lastTypeErrors !== "") this.print("No type errors any more.");
    if (result.kind !== "stopped") this.lastTypeErrors = result.kind === "failed" ? result.output : "";
  }

  private async run(program: string, args: string[]): Promise<Result> {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: dirname(this.functions),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    let output = "";
    const collect = (part: Buffer) => (output += part.toString("utf8"));
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const [code] = (await once(child, "close")) as [number | null];
    this.child = null;
    if (this.stopped) return { kind: "stopped" };
    return code === 0 ? { kind: "done" } : { kind: "failed", output: output.trimEnd() };
  }

  /** Of the functions' own project, whose versions count. */
  private packageFolder(name: string): string {
    try {
      return dirname(createRequire(join(this.functions, "_")).resolve(`${name}/package.json`));
    } catch (error) {
      const message = `The package "${name}" is not installed where ${this.functions} is: npm install ${name}`;
      throw new Error(message, { cause: error });
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
