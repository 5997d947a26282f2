/** The unit tests of `convex/` on the embedded engine instead of `convex-test`. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { alias: { "convex-test": fileURLToPath(new URL("./convex_test.ts", import.meta.url)) } },
  test: { include: ["convex/**/*.test.ts"], maxWorkers: 2, testTimeout: 60_000 },
});
