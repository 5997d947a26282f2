/** The figures that docs/scale.md is computed from. */
import { PUBLISH_INTERVAL_MS } from "../../src/collaboration/awareness-publisher";
import { outdatedTimeout } from "y-protocols/awareness";
import { LOG_MAX_UPDATES } from "../../protocol/limits";
import type { Behaviour, Limit, Measured, Prices } from "./model";

export const BEHAVIOUR: Behaviour = {
  peoplePerRoom: 2,
  hoursPerDay: 1,
  opensPerHour: 6,
  peoplePerWorkspace: 5,
  entriesPerHour: 2,
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
  updatesPerCompaction: LOG_MAX_UPDATES,
  // Cloudflare's unit for key-value storage.
  bytesPerWrite: 4_096,
  framesPerSecondPointing: 1_000 / PUBLISH_INTERVAL_MS,
  // Half of what y-protocols forgets an entry after.
  renewalSeconds: outdatedTimeout / 2_000,
  // `latestMs` of partykit/room/backup.ts.
  backupSeconds: 30,
  // Three times its state, and the alarm set and deleted: partykit/room/backup.ts.
  writesPerBackup: 5,
  // Token: an action and a query. Access check: an HTTP action and a query. The page: its queries of the document.
  callsPerOpen: 7,
  // `askAfterMs` of partykit/presence/lobby.ts.
  beatSeconds: 10,
  // Token: an action and a query. Access check: an HTTP action and a query.
  callsPerEntry: 4,
  // An HTTP action, a query, a file and a mutation.
  callsPerBackup: 4,
};

/** Cloudflare Workers Paid and Convex Professional, list prices of 2026 without what they include. Look them up again. */
export const PRICES: Prices = {
  objectGigabytes: 0.128,
  perMillionGigabyteSeconds: 12.5,
  perMillionRequests: 0.15,
  messagesPerRequest: 20,
  perMillionWrites: 1,
  perGigabyteMonth: 0.2,
  perFileGigabyteMonth: 0.03,
  perMillionConvexCalls: 2,
};

export const DAILY_USERS = [100, 10_000, 1_000_000];

/** How long Convex works on one call. An assumption. */
const CALL_SECONDS = 0.02;

/** Of Convex's classes of deployments, and of Cloudflare's key-value Durable Objects. */
export const LIMITS: Limit[] = [
  { what: "Convex S16: 1,000 sessions", value: 1_000, of: "people" },
  { what: "Convex S16: 16 queries at once", value: 16 / CALL_SECONDS, of: "convexCallsPerSecond" },
  { what: "Convex S256: 10,000 sessions", value: 10_000, of: "people" },
  { what: "Convex S256: 256 queries at once", value: 256 / CALL_SECONDS, of: "convexCallsPerSecond" },
  { what: "Convex D1024: 100,000 sessions", value: 100_000, of: "people" },
  { what: "Convex D2048: 200,000 sessions", value: 200_000, of: "people" },
  { what: "Cloudflare: 50 GB of an account", value: 50, of: "storedGigabytes" },
];
