/**
 * What every end-to-end test gets: a running stack, of its worker alone, since some tests kill and restart servers; and
 * the page as it is deployed, for those who ask for it.
 */
import { test as base } from "@playwright/test";
import { startStack, type Stack } from "../scripts/stack";
import { BUILT_PAGE } from "./build-page";
import { Production } from "./production";

export const test = base.extend<object, { stack: Stack; production: Production }>({
  stack: [
    async ({}, use) => {
      const stack = await startStack(process.env[BUILT_PAGE]);
      await use(stack);
      await stack.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
  // Here and not beside its tests: Playwright gives tests with other fixtures of the worker a worker of their own.
  production: [
    async ({ stack }, use) => {
      const production = await Production.build(stack);
      await use(production);
      await production.dispose();
    },
    { scope: "worker", timeout: 240_000 },
  ],
});

export { expect } from "@playwright/test";
