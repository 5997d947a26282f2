import Database from "libsql";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openQuery } from "../query/query_stream";
import type { SerializedQuery } from "../query/serialized";
import { Store } from "../store/store";
import { parseDocument } from "../store/transaction";
import { AnsweredMutations } from "../sync/answered_mutations";
import { removeFolder, temporaryFolder } from "./server_process";

const HOUR_MS = 60 * 60_000;

let data: string;
let store: Store;
beforeEach(() => {
  data = temporaryFolder();
  store = new Store(data);
});
afterEach(() => {
  vi.useRealTimers();
  store.close();
  removeFolder(data);
});

const noCheck = () => null;
const ALL_NOTES: SerializedQuery = {
  source: { type: "FullTableScan", tableName: "notes", order: "asc" },
  operators: [],
};

function names(): unknown[] {
  const snapshot = store.snapshot();
  try {
    const rows = openQuery(snapshot.begin(), ALL_NOTES, new Map());
    const found: unknown[] = [];
    for (let row = rows.next(); row !== null; row = rows.next()) found.push(parseDocument(row.json)["name"]);
    return found;
  } finally {
    snapshot.release();
  }
}

function write(name: string): void {
  const { transaction, commit, rollback } = store.write();
  try {
    transaction.insert("notes", { name }, noCheck);
  } catch (error) {
    rollback();
    throw error;
  }
  commit();
}

test("a commit that fails leaves nothing, and the next write is possible", () => {
  const { transaction, commit } = store.write();
  transaction.insert("notes", { name: "lost" }, noCheck);
  expect(() =>
    commit(() => {
      throw new Error("in the commit");
    }),
  ).toThrow("in the commit");
  write("kept");
  expect(names()).toEqual(["kept"]);
});

test("a full disk fails the write that does not fit, and no other", () => {
  write("before");
  const [pages] = store.connection.get("PRAGMA page_count") ?? [];
  store.connection.all(`PRAGMA max_page_count = ${Number(pages) + 10}`);
  expect(() => write("x".repeat(500_000))).toThrow(/full/);
  store.connection.all("PRAGMA max_page_count = 1000000");
  write("after");
  expect(names()).toEqual(["before", "after"]);
});

test("a scan sees what is there, not rows of a nested mutation that was undone under it", async () => {
  const { transaction, commit } = store.write();
  transaction.insert("notes", { name: "first" }, noCheck);
  const rows = openQuery(transaction, ALL_NOTES, new Map());
  const next = () => parseDocument(rows.next()?.json ?? "{}")["name"];
  const undone = transaction.nested(async () => {
    transaction.insert("notes", { name: "undone" }, noCheck);
    // Fetches the row ahead.
    expect(next()).toBe("first");
    await Promise.reject(new Error("nested"));
  });
  await expect(undone).rejects.toThrow("nested");
  transaction.insert("notes", { name: "second" }, noCheck);
  expect(next()).toBe("second");
  commit();
});

test("answers to resent mutations are kept for a day, whether the server restarts or not", () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1) });
  let answered = new AnsweredMutations(store);
  const run = (request: number) => {
    const hooks = answered.hooksFor("session", request);
    const { transaction, commit, rollback } = store.write();
    const outcome = hooks.before?.(transaction) ?? null;
    if (outcome !== null) {
      rollback();
      return "answered before";
    }
    commit((timestamp) => hooks.after?.(transaction, "null", timestamp));
    return "ran";
  };
  expect(run(1)).toBe("ran");
  vi.advanceTimersByTime(23 * HOUR_MS);
  expect(run(2)).toBe("ran");
  expect(run(1)).toBe("answered before");
  vi.advanceTimersByTime(2 * HOUR_MS);
  expect(run(3)).toBe("ran");
  expect(run(1)).toBe("ran");
  expect(run(2)).toBe("answered before");
  vi.advanceTimersByTime(25 * HOUR_MS);
  answered = new AnsweredMutations(store);
  expect(store.connection.all("SELECT request FROM answered_mutations")).toEqual([]);
});

test.each([
  ["-1", /is damaged: its last commit has the timestamp -1/],
  [String(2n ** 63n), /is damaged: its last commit has the timestamp 9223372036854775808/],
])("a file whose clock says %s is refused", (timestamp, problem) => {
  store.writeMeta("timestamp", timestamp);
  store.close();
  expect(() => new Store(data)).toThrow(problem);
  repair("timestamp", "0");
});

test("a file of another layout is refused", () => {
  store.writeMeta("layout", "2");
  store.close();
  expect(() => new Store(data)).toThrow(/was written by another version \(layout 2, this one is 1\)/);
  repair("layout", "1");
});

/** Also shows that a refusal lets go of the folder. */
function repair(key: string, value: string): void {
  const database = new Database(join(data, "data.sqlite"));
  database.prepare("UPDATE meta SET value = ? WHERE key = ?").run([value, key]);
  database.close();
  store = new Store(data);
}
