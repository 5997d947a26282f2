/**
 * Who has to run again after a commit. Reads of single documents, most of all reads, are found by key; only reads
 * of ranges are compared one by one, and only those of an index that was written.
 */
import { isPoint, type Interval, type ReadSet } from "../store/read_set";
import type { Commit } from "../store/store";

interface Subscription {
  reads: ReadSet;
  stale: () => void;
}

export class Subscriptions {
  private readonly points = new Map<string, Map<string, Set<Subscription>>>();
  private readonly ranges = new Map<string, Map<Subscription, Interval[]>>();
  private readonly watches = new Set<Commit[]>();

  /**
   * Collects commits while queries run on a snapshot: what they read is known only when they are done, and may have
   * been written meanwhile. Begin it together with the snapshot.
   */
  watch(): { commits: readonly Commit[]; end: () => void } {
    const commits: Commit[] = [];
    this.watches.add(commits);
    return { commits, end: () => this.watches.delete(commits) };
  }

  /** Calls `stale` at most once, as soon as something in `reads` is written. Returns how to stop that. */
  add(reads: ReadSet, since: readonly Commit[], stale: () => void): () => void {
    const subscription = { reads, stale };
    for (const interval of reads.intervals) this.register(subscription, interval);
    const remove = () => {
      for (const interval of reads.intervals) this.unregister(subscription, interval);
    };
    if (since.some(({ written }) => reads.intersects(written))) {
      remove();
      stale();
    }
    return remove;
  }

  onCommit(commit: Commit): void {
    for (const commits of this.watches) commits.push(commit);
    const affected = new Set<Subscription>();
    for (const { index, key } of commit.written) {
      for (const subscription of this.points.get(index)?.get(key) ?? []) affected.add(subscription);
      for (const [subscription, intervals] of this.ranges.get(index) ?? []) {
        if (affected.has(subscription)) continue;
        if (intervals.some(({ lower, upper }) => lower <= key && key < upper)) affected.add(subscription);
      }
    }
    for (const subscription of affected) {
      for (const interval of subscription.reads.intervals) this.unregister(subscription, interval);
      subscription.stale();
    }
  }

  private register(subscription: Subscription, interval: Interval): void {
    if (isPoint(interval)) {
      const keys = entry(this.points, interval.index, () => new Map<string, Set<Subscription>>());
      entry(keys, interval.lower, () => new Set<Subscription>()).add(subscription);
    } else {
      const holders = entry(this.ranges, interval.index, () => new Map<Subscription, Interval[]>());
      entry(holders, subscription, () => []).push(interval);
    }
  }

  private unregister(subscription: Subscription, interval: Interval): void {
    if (isPoint(interval)) {
      const keys = this.points.get(interval.index);
      const holders = keys?.get(interval.lower);
      holders?.delete(subscription);
      if (holders?.size === 0) keys?.delete(interval.lower);
    } else {
      this.ranges.get(interval.index)?.delete(subscription);
    }
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
