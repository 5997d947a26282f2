/** The table `_scheduled_functions`: what is to be run when, and what became of it. */
import { convexToJson, jsonToConvex, type JSONValue } from "convex/values";
import { afterPrefix, encodeIndexKey, MAX_KEY, successor } from "./values/index_key";
import { stringField, type DocumentFields } from "./store/catalog";
import { parseDocument, type Transaction } from "./store/transaction";
import { canonicalPath } from "./functions/function_set";

export const SCHEDULED_TABLE = "_scheduled_functions";

export type JobState =
  | { kind: "pending" }
  | { kind: "inProgress" }
  | { kind: "success" }
  | { kind: "failed"; error: string }
  | { kind: "canceled" };

export interface Job {
  id: string;
  path: string;
  args: JSONValue;
  /** When it is due, in milliseconds since the epoch. */
  scheduledTime: number;
}

const noCheck = () => null;

/** Schedules a function as part of a write transaction; returns the id to cancel it with. */
export function addJob(
  transaction: Transaction,
  path: string,
  args: JSONValue,
  scheduledTime: number,
): string {
  transaction.countScheduled();
  const [module, name] = canonicalPath(path).split(":");
  return transaction.insert(
    SCHEDULED_TABLE,
    {
      // Convex names the module by its bundled file.
      name: `${module ?? ""}.js:${name ?? ""}`,
      args: [jsonToConvex(args)],
      scheduledTime,
      state: { kind: "pending" },
    },
    noCheck,
  );
}

/**
 * The ids of up to `count` jobs in a state, the earliest first. Without their arguments, which may be megabytes each.
 */
export function jobIds(transaction: Transaction, state: JobState["kind"], count: number): string[] {
  const index = transaction.catalog.table(SCHEDULED_TABLE)?.indexes.get("by_state");
  if (index === undefined) return [];
  const lower = encodeIndexKey([state]);
  return transaction.idsInRange(index, lower, afterPrefix(lower), count);
}

/** A job with its arguments; `null` when it does not exist. */
export function readJob(transaction: Transaction, id: string): Job | null {
  const json = transaction.get(SCHEDULED_TABLE, id);
  return json === null ? null : jobOf(parseDocument(json));
}

/**
 * Removes jobs that ended before a time, among up to `count` that come after `after` in the order of ids. Returns
 * where to go on, or `null` at the end.
 */
export function removeEnded(
  transaction: Transaction,
  before: number,
  after: string,
  count: number,
): string | null {
  const index = transaction.catalog.table(SCHEDULED_TABLE)?.indexes.get("by_id");
  if (index === undefined) return null;
  const ids = transaction.idsInRange(index, successor(encodeIndexKey([after])), MAX_KEY, count);
  for (const id of ids) {
    const json = transaction.get(SCHEDULED_TABLE, id);
    const ended = json === null ? undefined : parseDocument(json)["completedTime"];
    if (typeof ended === "number" && ended < before) transaction.remove(id);
  }
  return ids.length < count ? null : (ids.at(-1) ?? null);
}

/** The state of a job; `null` when it does not exist. */
export function jobState(transaction: Transaction, id: string): JobState["kind"] | null {
  const json = transaction.get(SCHEDULED_TABLE, id);
  if (json === null) return null;
  const { state } = parseDocument(json);
  return (state as unknown as JobState).kind;
}

export function setJobState(transaction: Transaction, id: string, state: JobState, now: number): void {
  const json = transaction.get(SCHEDULED_TABLE, id);
  if (json === null) return;
  const job: DocumentFields = { ...parseDocument(json), state: { ...state } };
  if (state.kind !== "pending" && state.kind !== "inProgress") job["completedTime"] = now;
  transaction.replace(id, job, noCheck);
}

/** Cancels a job as part of a write transaction: a pending one never runs, a running one is not stopped. */
export function cancelJob(transaction: Transaction, id: string, now: number): void {
  if (transaction.catalog.tableOfId(id) !== SCHEDULED_TABLE) {
    throw new Error(
      `Invalid argument \`id\` for \`scheduler.cancel\`: "${id}" is not an ID of table "${SCHEDULED_TABLE}".`,
    );
  }
  const state = jobState(transaction, id);
  if (state === "pending" || state === "inProgress") setJobState(transaction, id, { kind: "canceled" }, now);
}

function jobOf(document: DocumentFields): Job {
  const [args = {}] = document["args"] as DocumentFields[];
  return {
    id: stringField(document, "_id"),
    path: canonicalPath(stringField(document, "name")),
    args: convexToJson(args),
    scheduledTime: Number(document["scheduledTime"]),
  };
}
