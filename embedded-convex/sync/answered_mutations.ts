/**
 * Mutations that were executed, by session and request. A client that lost its socket sends its unanswered
 * mutations again; one that was committed is answered from here instead of running twice. The answer is written in
 * the mutation's own commit, so there is no moment at which one exists without the other.
 */
import type { MutationHooks } from "../engine";
import type { Store } from "../store/store";

/** Clients resend within seconds; a laptop that slept keeps its page for hours. */
const KEPT_MS = 24 * 60 * 60_000;

/** What is older is removed at the start and then, as part of a commit, at most this often. */
const CLEAN_INTERVAL_MS = 60 * 60_000;

export class AnsweredMutations {
  private cleanedAt = 0;

  constructor(private readonly store: Store) {
    store.connection.exec(`
      CREATE TABLE IF NOT EXISTS answered_mutations (
        session TEXT NOT NULL, request INTEGER NOT NULL, timestamp TEXT NOT NULL, value TEXT NOT NULL,
        answered REAL NOT NULL, PRIMARY KEY (session, request)) WITHOUT ROWID
    `);
    this.clean(Date.now());
  }

  /** Makes one mutation run at most once. */
  hooksFor(session: string, request: number): MutationHooks {
    const { connection } = this.store;
    return {
      before: () => {
        const row = connection.get(
          "SELECT timestamp, value FROM answered_mutations WHERE session = ? AND request = ?",
          session,
          request,
        );
        if (row === undefined) return null;
        return { kind: "success", timestamp: BigInt(String(row[0])), value: String(row[1]), log: [] };
      },
      after: (_transaction, value, timestamp) => {
        const now = Date.now();
        if (now - this.cleanedAt >= CLEAN_INTERVAL_MS) this.clean(now);
        connection.run(
          "INSERT INTO answered_mutations (session, request, timestamp, value, answered) VALUES (?, ?, ?, ?, ?)",
          session,
          request,
          String(timestamp),
          value,
          now,
        );
      },
    };
  }

  private clean(now: number): void {
    this.cleanedAt = now;
    this.store.connection.run("DELETE FROM answered_mutations WHERE answered < ?", now - KEPT_MS);
  }
}
