/**
 * Walks a range of an index. What it has consumed so far, and nothing more, is in the transaction's read set: a
 * query that takes the first twenty of a million documents is out of date only when one of those twenty changes
 * or something lands between them.
 */
import { successor, type IndexKey } from "../values/index_key";
import type { Index } from "../store/catalog";
import { indexName, type Interval } from "../store/read_set";
import type { StoredRow, Transaction } from "../store/transaction";
import type { KeyRange } from "./index_range";

const FIRST_BATCH = 16;
const MAX_BATCH = 1_024;

export class RangeCursor {
  private readonly consumed: Interval;
  private lower: IndexKey;
  private upper: IndexKey;
  private batch: StoredRow[] = [];
  private position = 0;
  private batchSize: number;
  private exhausted = false;
  private fetchedAt = -1;

  /** `expected`: how many rows the caller is likely to want, to fetch no more than needed. */
  constructor(
    private readonly transaction: Transaction,
    private readonly index: Index,
    private readonly range: KeyRange,
    private readonly order: "asc" | "desc",
    expected = FIRST_BATCH,
  ) {
    transaction.countQuery();
    this.lower = range.lower;
    this.upper = range.upper;
    this.batchSize = Math.max(1, Math.min(expected, MAX_BATCH));
    const start = order === "asc" ? range.lower : range.upper;
    this.consumed = { index: indexName(index.table, index.name), lower: start, upper: start };
    transaction.reads.add(this.consumed);
  }

  next(): StoredRow | null {
    if (this.lower >= this.upper && !this.exhausted && this.position >= this.batch.length)
      this.exhausted = true;
    // A write of this very transaction may have changed rows that were fetched ahead.
    if (this.fetchedAt !== this.transaction.changeCount) this.batch.length = this.position;
    if (this.position >= this.batch.length && !this.exhausted) this.fetch();
    const row = this.batch[this.position];
    if (row === undefined) {
      this.exhausted = true;
      this.consumed.lower = this.range.lower;
      this.consumed.upper = this.range.upper;
      return null;
    }
    this.position += 1;
    this.transaction.countRead(row.size);
    if (this.order === "asc") {
      this.lower = successor(row.key);
      this.consumed.upper = this.lower;
    } else {
      this.upper = row.key;
      this.consumed.lower = row.key;
    }
    return row;
  }

  private fetch(): void {
    this.batch = this.transaction.fetchRange(this.index, this.lower, this.upper, this.order, this.batchSize);
    this.position = 0;
    this.fetchedAt = this.transaction.changeCount;
    this.batchSize = Math.min(this.batchSize * 2, MAX_BATCH);
  }
}
