/**
 * Starts `main.ts`, with its flags: `node embedded-convex/start.mjs`. The same as `tsx embedded-convex/main.ts`, for half
 * the CPU time: tsx rewrites every module that it loads, and spends more on these packages than on the server. What is
 * loaded before tsx is there, it leaves alone.
 */
await Promise.all(
  ["vite", "zod", "jose", "ws", "convex/server", "convex/values"].map((name) => import(name)),
);
const { register } = await import("tsx/esm/api");
register();
await import("./main.ts");
