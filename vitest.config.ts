import { defineConfig } from "vitest/config";

export default defineConfig({
  // A configuration of its own: the tests in Node need none of the page's plugins.
  test: {
    include: ["{protocol,partykit,convex,src,embedded-convex,scripts}/**/*.test.{ts,tsx}"],
    // Several suites start real servers, and mostly wait for them: a machine with two cores carries three.
    maxWorkers: 3,
    // Far longer than anything takes on a machine that does nothing else.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
