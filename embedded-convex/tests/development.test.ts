import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Development } from "../development";
import { FunctionFolder } from "./function_folder";

const POLL = { timeout: 60_000, interval: 50 };
const folder = new FunctionFolder({
  "package.json": `{ "name": "development-test", "private": true, "dependencies": { "convex": "*" } }`,
});
const functions = join(folder.path, "convex");
let development: Development | null = null;
afterEach(() => {
  development?.stop();
  folder.dispose();
});

test("code is generated and type errors are shown, and their repair too", { timeout: 90_000 }, async () => {
  mkdirSync(functions);
  const write = (answer: string) =>
    writeFileSync(
      join(functions, "notes.ts"),
      `import { query } from "./_generated/server";\nexport const say = query({ args: {}, handler: () => ${answer} });\n`,
    );
  writeFileSync(
    join(functions, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        module: "ESNext",
        moduleResolution: "Bundler",
        types: [],
        skipLibCheck: true,
      },
      include: ["*.ts"],
    }),
  );
  write(`"text"`);
  const lines: string[] = [];
  development = new Development(functions, (line) => lines.push(line));
  await development.ensureGenerated();
  expect(lines).toEqual([]);
  expect(readFileSync(join(functions, "_generated", "api.d.ts"), "utf8")).toContain("notes");

  write(`{ const wrong: number = "text"; return wrong; }`);
  development.follow();
  await expect.poll(() => lines.join("\n"), POLL).toMatch(/Type errors[^]*notes\.ts\(2,.*TS2322/);
  write(`"text again"`);
  development.follow();
  await expect.poll(() => lines.at(-1), POLL).toBe("No type errors any more.");
  rmSync(functions, { recursive: true });
});
