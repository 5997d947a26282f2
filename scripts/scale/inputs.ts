/** The figures that docs/scale.md is computed from. */
import { PUBLISH_INTERVAL_MS } from "../../src/collaboration/awareness-publisher";
import type { Behaviour, Measured, Prices } from "./model";

export const BEHAVIOUR: Behaviour = {
  peoplePerRoom: 2,
  hoursPerDay: 1,
  opensPerHour: 6,
  editingShare: 0.3,
  editsPerSecond: 3,
  pointingShare: 0.2,
  peak: 3,
  documentsPerPerson: 50,
  bytesPerDocument: 50_000,
};

export const MEASURED: Measured = {
  // One person, 195 edits at 5 a second: 396 frames in, 195 storage writes (`scale-counts`).
  framesPerEdit: 2,
  writesPerEdit: 1,
  // A compaction deletes what it replaces, once.
  deletionsPerEdit: 1,
  framesPerSecondPointing: 1_000 / PUBLISH_INTERVAL_MS,
  // `latestMs` of partykit/room/backup.ts.
  backupSeconds: 30,
  // Three times its state, and the alarm set and deleted: partykit/room/backup.ts.
  writesPerBackup: 5,
  // Token: an action and a query. Access check: an HTTP action and a query. The page: its queries of the document.
  callsPerOpen: 7,
  // An HTTP action, a query and a mutation.
  callsPerBackup: 3,
};

/** Cloudflare Workers Paid and Convex Professional, list prices without what they include. Look them up again. */
export const PRICES: Prices = {
  objectGigabytes: 0.128,
  perMillionGigabyteSeconds: 12.5,
  perMillionRequests: 0.15,
  messagesPerRequest: 20,
  perMillionWrites: 1,
  perGigabyteMonth: 0.2,
  perMillionConvexCalls: 2,
};

export const DAILY_USERS = [100, 10_000, 1_000_000];
