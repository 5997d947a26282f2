import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist", "convex/_generated", ".tsbuild", ".partykit", "test-results", "playwright-report"]),
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A number in a template is not an accident.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `() => emitter.off(…)` as a cleanup is idiomatic.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // A discriminated union's switch must name every case, or say what the rest gets.
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      // An unused parameter that a contract demands is written `_name`.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  { files: ["src/**/*.{ts,tsx}"], extends: [reactHooks.configs.flat.recommended] },
  {
    // What runs in production says nothing on the console by accident: the others are for operators.
    files: ["src/**", "partykit/**", "convex/**", "protocol/**"],
    rules: { "no-console": ["error", { allow: ["info", "warn", "error"] }] },
  },
  {
    // All of zod is three times the size of what a browser needs of it, because methods cannot be left out.
    files: ["src/**", "protocol/**"],
    rules: { "no-restricted-imports": ["error", { paths: [{ name: "zod", message: "Use zod/mini." }] }] },
  },
  {
    // Playwright reads a fixture's dependencies from the pattern of its first parameter, empty or not.
    files: ["e2e/**"],
    rules: { "no-empty-pattern": ["error", { allowObjectPatternsAsParameters: true }] },
  },
  { files: ["**/*.{js,mjs}"], languageOptions: { globals: globals.node } },
);
