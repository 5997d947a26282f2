import { defineConfig } from "vitest/config";

export default defineConfig({
  // A configuration of its own: the tests in Node need none of the page's plugins.
  test: {
    include: ["{protocol,partykit,convex,src,embedded-convex,scripts}/**/*.test.{ts,tsx}"],
    // Several suites start real servers; two at a time is what a small machine carries.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
