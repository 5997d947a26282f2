/**
 * What a transaction read, as intervals of index keys, and what it wrote, as keys. A result is out of date as
 * soon as a later transaction writes a key inside one of the intervals.
 *
 * Indexes are named (`table/index`) instead of numbered, so that reading a table that does not exist yet is a
 * read like any other.
 */
import { successor, type IndexKey } from "../values/index_key";

/** Keys from `lower` (included) to `upper` (excluded). */
export interface Interval {
  index: string;
  lower: IndexKey;
  upper: IndexKey;
}

export interface WrittenKey {
  index: string;
  key: IndexKey;
}

export function indexName(table: string, index: string): string {
  return `${table}/${index}`;
}

export class ReadSet {
  readonly intervals: Interval[] = [];

  add(interval: Interval): void {
    this.intervals.push(interval);
  }

  addPoint(index: string, key: IndexKey): void {
    this.intervals.push({ index, lower: key, upper: successor(key) });
  }

  intersects(written: readonly WrittenKey[]): boolean {
    return written.some(({ index, key }) =>
      this.intervals.some((read) => read.index === index && read.lower <= key && key < read.upper),
    );
  }
}

/** A read of one key, as by id; what most subscriptions consist of. */
export function isPoint({ lower, upper }: Interval): boolean {
  return upper.length === lower.length + 1 && upper === successor(lower);
}
