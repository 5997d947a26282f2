/**
 * Latencies in buckets of half a percent, so that millions of them cost a few kilobytes and can be added up over
 * threads and runs.
 */
const SMALLEST_MS = 0.01;
const BUCKETS_PER_E = 200;
const BUCKETS = 3_600;

export class Histogram {
  readonly counts: Uint32Array<ArrayBuffer>;

  constructor(counts = new Uint32Array(BUCKETS)) {
    this.counts = counts;
  }

  add(ms: number): void {
    const bucket = Math.round(Math.log(Math.max(ms, SMALLEST_MS) / SMALLEST_MS) * BUCKETS_PER_E);
    const index = Math.min(bucket, BUCKETS - 1);
    this.counts[index] = (this.counts[index] ?? 0) + 1;
  }

  merge(other: Histogram): void {
    other.counts.forEach((count, bucket) => {
      if (count > 0) this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
    });
  }

  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** `share` from 0 to 1. `null` when there is nothing. */
  quantile(share: number): number | null {
    const { total } = this;
    if (total === 0) return null;
    let below = 0;
    for (const [bucket, count] of this.counts.entries()) {
      below += count;
      if (below >= share * total) return SMALLEST_MS * Math.exp(bucket / BUCKETS_PER_E);
    }
    return null;
  }
}
