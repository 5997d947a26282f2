/**
 * A project in which `convex`, `partykit`, `vite` and `wrangler` only write down how they were called. The deploy
 * scripts find programs from their working directory, so they are run there; wrangler comes through `npx`.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { z } from "zod";
import { binOf } from "../processes";

const Call = z.object({
  program: z.string(),
  args: z.array(z.string()),
  /** Without what every process has. */
  env: z.record(z.string(), z.string()),
  input: z.string(),
  /** The two files that `partykit` reads, as they were during the call. */
  config: z.unknown(),
  dotenv: z.string().nullable(),
});
export type Call = z.infer<typeof Call>;

/** Plain JavaScript: each program is a copy of this file. */
const RECORDER = `
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { execSync } from "node:child_process";
const { FAKE_RECORD, FAKE_CONVEX_VARIABLES, FAKE_FAILURE, FAKE_COMPLAINT, FAKE_KNOWN, ...env } = process.env;
const [program, ...args] = process.argv.slice(2);
const read = (file) => (existsSync(file) ? readFileSync(file, "utf8") : null);
const isSetting = args[0] === "env" && args[1] === "set";
appendFileSync(FAKE_RECORD, JSON.stringify({
  program, args,
  env: Object.fromEntries(Object.entries(env).filter(([name]) => !FAKE_KNOWN.split(",").includes(name))),
  input: isSetting ? readFileSync(0, "utf8") : "",
  config: program === "partykit" ? JSON.parse(read("partykit.json")) : null,
  dotenv: program === "partykit" ? read(".env") : null,
}) + "\\n");
if (FAKE_FAILURE !== undefined && [program, ...args].join(" ").startsWith(FAKE_FAILURE)) {
  console.error(FAKE_COMPLAINT);
  process.exit(3);
}
if (args[0] === "env" && args[1] === "list") console.log(FAKE_CONVEX_VARIABLES.split(",").join("\\n"));
if (args.includes("--cmd")) {
  const VITE_CONVEX_URL = "https://brave-otter-1.convex.cloud";
  const VITE_CONVEX_SITE_URL = "https://brave-otter-1.convex.site";
  execSync(args[args.indexOf("--cmd") + 1], { env: { ...process.env, VITE_CONVEX_URL, VITE_CONVEX_SITE_URL } });
}
if (program === "vite") mkdirSync("dist", { recursive: true });
`;

export interface Outcome {
  status: number | null;
  /** Both outputs. */
  output: string;
  calls: Call[];
}

export class FakeProject {
  readonly directory = mkdtempSync(join(tmpdir(), "ripple-fakes-"));
  /** Names of the variables that the Convex deployment has. */
  convexVariables = ["JWT_PRIVATE_KEY", "JWKS"];
  /** Beginning of the command that fails. */
  failure: string | undefined;
  /** What it says then. */
  complaint = "it does not work";

  constructor() {
    const at = (...path: string[]) => join(this.directory, ...path);
    for (const program of ["convex", "partykit", "vite"]) {
      mkdirSync(at("node_modules", program), { recursive: true });
      writeFileSync(at("node_modules", program, "package.json"), JSON.stringify({ bin: "run.mjs" }));
      writeFileSync(at("node_modules", program, "run.mjs"), this.#recorderFor(program));
    }
    mkdirSync(at("bin"));
    writeFileSync(at("recorder.mjs"), RECORDER);
    writeFileSync(at("bin", "npx"), `#!/bin/sh\nexec '${process.execPath}' '${at("recorder.mjs")}' "$@"\n`);
    chmodSync(at("bin", "npx"), 0o755);
    cpSync("partykit.json", at("partykit.json"));
    mkdirSync(at("home"));
  }

  #recorderFor(program: string): string {
    return RECORDER.replace(
      "process.argv.slice(2)",
      `[${JSON.stringify(program)}, ...process.argv.slice(2)]`,
    );
  }

  /** Runs `npm run deploy -- {args}` with these settings and no others. */
  deploy(args: string[], settings: Record<string, string>): Outcome {
    const record = join(this.directory, "calls");
    rmSync(record, { force: true });
    const base = {
      PATH: `${join(this.directory, "bin")}${delimiter}${process.env.PATH ?? ""}`,
      HOME: join(this.directory, "home"),
    };
    const fake = {
      FAKE_RECORD: record,
      FAKE_CONVEX_VARIABLES: this.convexVariables.join(","),
      FAKE_KNOWN: Object.keys({ ...base, PWD: "", SHLVL: "", _: "" }).join(","),
      FAKE_COMPLAINT: this.complaint,
      ...(this.failure === undefined ? {} : { FAKE_FAILURE: this.failure }),
    };
    const script = resolve("scripts/deploy.ts");
    const { status, stdout, stderr } = spawnSync(process.execPath, [binOf("tsx"), script, ...args], {
      cwd: this.directory,
      env: { ...base, ...fake, ...settings },
      encoding: "utf8",
    });
    const lines = existsSync(record) ? readFileSync(record, "utf8").trim().split("\n") : [];
    const calls = lines.map((line) => Call.parse(JSON.parse(line)));
    return { status, output: stdout + stderr, calls };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
