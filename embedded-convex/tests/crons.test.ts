import { mutationGeneric } from "convex/server";
import { expect, test } from "vitest";
import { Crons } from "../crons";
import { Engine } from "../engine";
import { Files } from "../files";
import { systemCaller } from "../functions/caller";
import { EMPTY_SCHEMA, functionsOfModule, type CronDefinition } from "../functions/function_set";
import { Store } from "../store/store";
import { removeFolder, temporaryFolder } from "./server_process";

const POLL = { timeout: 30_000, interval: 5 };

test("a job that comes due while its functions are reloaded runs once", async () => {
  const data = temporaryFolder();
  const store = new Store(data);
  const engine = new Engine({
    store,
    files: new Files(store, ""),
    functionsDirectory: "/",
    print: () => undefined,
  });
  let runs = 0;
  let beats = 0;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const modules = {
    tick: mutationGeneric({ handler: () => void (runs += 1) }),
    beat: mutationGeneric({ handler: () => void (beats += 1) }),
    hold: mutationGeneric({ handler: () => held }),
  };
  const functions = new Map(functionsOfModule("jobs", modules).map((each) => [each.path, each]));
  const set = { functions, schema: EMPTY_SCHEMA, authConfig: { providers: [] }, router: null, crons: [] };
  await engine.replaceFunctions(set, () => undefined);
  const crons = new Crons(engine);
  const job = (name: string, path: string, seconds: number): CronDefinition => ({
    name,
    path,
    args: {},
    schedule: { type: "interval", seconds },
  });
  const jobs = [job("hourly", "jobs:tick", 3_600), job("quick", "jobs:beat", 0.02)];
  try {
    // New intervals begin at once: a timer for the job is set.
    await crons.replace(jobs);
    const holding = engine.mutation({ path: "jobs:hold", args: {}, access: "all", caller: systemCaller() });
    const reloading = crons.replace(jobs);
    // Set after that timer, so it is over after it: the job waits for its turn behind the reload.
    await new Promise((resolve) => setTimeout(resolve, 1));
    release();
    await Promise.all([holding, reloading]);
    // Whatever is due now runs before the other job has run that often.
    const before = beats;
    await expect.poll(() => beats, POLL).toBeGreaterThan(before + 2);
    expect(runs).toBe(1);
  } finally {
    crons.stop();
    await engine.idle();
    store.close();
    removeFolder(data);
  }
});
