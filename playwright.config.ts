import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/chromium";

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  globalSetup: "./e2e/build-page.ts",
  // Each with a stack of servers of its own. What takes time is mostly waiting: for two browsers on a small machine.
  workers: 2,
  fullyParallel: true,
  // Far longer than anything takes on a machine that does nothing else; the step that hangs is named all the same.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  use: {
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    screenshot: "only-on-failure",
    // Every frame as a picture would cost more than the tests themselves; the trace still has each step's page.
    trace: { mode: "retain-on-failure", screenshots: false },
    launchOptions: {
      executablePath: findChromium(),
      // Root in a container has no user namespaces for the sandbox. The rest keeps the browser off the network.
      args: [
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
