/** One query that a client is subscribed to. */
import type { JSONValue } from "convex/values";
import type { QueryOutcome } from "../functions/outcome";

export class LiveQuery {
  /** Has to run before the next Transition: it is new, or something that it read was written. */
  stale = true;
  /** Stops the subscription of the last run. */
  private unsubscribe: (() => void) | null = null;
  /** The last modification that was sent. */
  private sent: string | null = null;

  constructor(
    readonly queryId: number,
    readonly path: string,
    readonly args: JSONValue[],
    private journal: string | null,
  ) {}

  /** The journal of the first run; it stays, so that a page keeps its end. */
  get previousJournal(): string | null {
    return this.journal;
  }

  subscribed(unsubscribe: () => void): void {
    this.drop();
    this.unsubscribe = unsubscribe;
  }

  /** The modification to send for a new result, or `null` when the client has that result. */
  updated(outcome: QueryOutcome): string | null {
    this.journal ??= outcome.journal;
    const log = JSON.stringify(outcome.log);
    const journal = JSON.stringify(this.journal);
    const result = outcome.kind === "success" ? outcome.value : JSON.stringify(outcome.failure);
    if (result === this.sent) return null;
    this.sent = result;
    const head = `"queryId":${this.queryId},"logLines":${log},"journal":${journal}`;
    if (outcome.kind === "success") return `{"type":"QueryUpdated",${head},"value":${outcome.value}}`;
    const { message, data } = outcome.failure;
    const errorData = data === undefined ? "" : `,"errorData":${JSON.stringify(data)}`;
    return `{"type":"QueryFailed",${head},"errorMessage":${JSON.stringify(message)}${errorData}}`;
  }

  /** Runs again although nothing that it read was written: the code or the identity has changed. */
  invalidate(): void {
    this.drop();
    this.stale = true;
  }

  drop(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
  }
}
