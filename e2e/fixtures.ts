/** What every end-to-end test gets: one running stack per worker, and people who use it. */
import { test as base } from "@playwright/test";
import { startStack, type Stack } from "../scripts/stack";

export const test = base.extend<object, { stack: Stack }>({
  stack: [
    async ({}, use) => {
      const stack = await startStack();
      await use(stack);
      await stack.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

export { expect } from "@playwright/test";
