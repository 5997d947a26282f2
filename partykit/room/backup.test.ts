import type * as Party from "partykit/server";
import { expect, test } from "vitest";
import type { BACKUP_KEY } from "./backup";
import { Backup, BACKUP_TIMING } from "./backup";
import type { ConvexBackups, StoreOutcome } from "./convex-backups";

/** As much of a Durable Object's storage as a backup uses. An alarm is gone in the moment in which its handler runs. */
class AlarmStorage {
  state: unknown;
  alarm: number | null = null;
  /** Runs after each write, before whoever wrote hears of it. */
  written: (() => void) | null = null;

  get = () => Promise.resolve(this.state);
  async put(_key: typeof BACKUP_KEY, value: unknown): Promise<void> {
    this.state = value;
    await Promise.resolve();
    this.written?.();
  }
  setAlarm(at: number): Promise<void> {
    this.alarm = at;
    return Promise.resolve();
  }
  deleteAlarm(): Promise<void> {
    this.alarm = null;
    return Promise.resolve();
  }
}

async function openBackup(storage: AlarmStorage, store: () => Promise<StoreOutcome>): Promise<Backup> {
  const convex: ConvexBackups = { store, newest: () => Promise.resolve({ kind: "none" }) };
  const backup = await Backup.open(
    "doc-abc",
    storage as unknown as Party.Storage,
    convex,
    BACKUP_TIMING,
    () => Promise.resolve(new Uint8Array()),
  );
  if (backup === null) throw new Error("its room is known");
  return backup;
}

test.each([
  ["stored", { kind: "stored" }],
  ["superseded", { kind: "superseded", newest: 7 }],
] satisfies [string, StoreOutcome][])(
  "what comes while the alarm's backup is on its way has an alarm too, when that was %s",
  async (_name, outcome) => {
    const storage = new AlarmStorage();
    const backup = await openBackup(storage, () => {
      backup.touch(Date.now());
      return Promise.resolve(outcome);
    });
    backup.touch(Date.now());
    storage.alarm = null;
    await backup.send();
    expect(storage.alarm).not.toBeNull();
    expect(storage.state).toMatchObject({ pending: true });
    await backup.stop();
  },
);

test("an edit in the moment in which the last backup is settled keeps its alarm", async () => {
  const storage = new AlarmStorage();
  const backup = await openBackup(storage, () => Promise.resolve({ kind: "stored" }));
  backup.touch(Date.now());
  storage.written = () => {
    if (backup.figures.pending) return;
    storage.written = null;
    backup.touch(Date.now());
  };
  await backup.send();
  expect(backup.figures.pending).toBe(true);
  expect(storage.alarm).not.toBeNull();
  await backup.stop();
});

test("an alarm that comes while a backup is on its way is not over before that is", async () => {
  let accept: (outcome: StoreOutcome) => void = () => undefined;
  const storage = new AlarmStorage();
  const backup = await openBackup(storage, () => new Promise((resolve) => (accept = resolve)));
  backup.touch(Date.now());
  const sending = backup.send();
  let isOver = false;
  const alarm = backup.send().then(() => (isOver = true));
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(isOver).toBe(false);
  accept({ kind: "stored" });
  await Promise.all([sending, alarm]);
  expect(storage.alarm).toBeNull();
  await backup.stop();
});
