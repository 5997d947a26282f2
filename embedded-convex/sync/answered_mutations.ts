/**
 * Mutations that were executed, by session and request. A client that lost its socket sends its unanswered
 * mutations again; one that was committed is answered from here instead of running twice. The answer is written in
 * the mutation's own commit, so there is no moment at which one exists without the other.
 */
import type { MutationHooks } from "../engine";
import type { Store } from "../store/store";

/** Clients resend within seconds; a laptop that slept keeps its page for hours. */
const KEPT_MS = 24 * 60 * 60_000;

export class AnsweredMutations {
  constructor(private readonly store: Store) {
    store.connection.exec(`
      CREATE TABLE IF NOT EXISTS answered_mutations (
        session TEXT NOT NULL, request INTEGER NOT NULL, timestamp TEXT NOT NULL, value TEXT NOT NULL,
        answered REAL NOT NULL, PRIMARY KEY (session, request)) WITHOUT ROWID
    `);
    store.connection.run("DELETE FROM answered_mutations WHERE answered < ?", Date.now() - KEPT_MS);
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
        connection.run(
          "INSERT INTO answered_mutations (session, request, timestamp, value, answered) VALUES (?, ?, ?, ?, ?)",
          session,
          request,
          String(timestamp),
          value,
          Date.now(),
        );
      },
    };
  }
}
