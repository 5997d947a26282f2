import { expect, it } from "vitest";
import styles from "./mantine-styles.ts?raw";

const SOURCES = import.meta.glob<string>("../**/*.tsx", { query: "?raw", import: "default", eager: true });
const STYLES = Object.keys(import.meta.glob("/node_modules/@mantine/core/styles/*.css"));
const IMPORT = /import \{([^}]*)\} from "@mantine\/core"/g;

const hasStyles = (name: string) => STYLES.some((path) => path.endsWith(`/styles/${name}.css`));

/** What a source file imports from Mantine, by name, as far as it has a style sheet. */
function styledComponentsIn(source: string): string[] {
  const names = [...source.matchAll(IMPORT)].flatMap(([, list = ""]) => list.split(","));
  return names.map((name) => name.trim()).filter(hasStyles);
}

it("mantine-styles.ts has the style sheet of every Mantine component in use", () => {
  const used = Object.values(SOURCES).flatMap(styledComponentsIn);
  expect(used).toContain("Button");
  const missing = [...new Set(used)].filter((name) => !styles.includes(`/styles/${name}.layer.css`));
  expect(missing).toEqual([]);
});
