/**
 * Which rooms this page is in. A session is shared by all who hold its key, and outlives the last of them for a
 * moment: StrictMode, hot reload and the way back from another page unmount and mount again at once, and a Y.Doc
 * and its socket are too dear to be made twice.
 */

/** Long enough to look at another page and come back to one's undo history. */
export const DISPOSE_AFTER_MS = 5_000;

/** Somebody who leafs through many rooms does not stay in all of them for that long. */
export const LINGERING_MAX = 2;

export interface Disposable {
  dispose: () => void;
}

interface Entry<T> {
  value: T;
  holders: number;
  timer: ReturnType<typeof setTimeout> | null;
}

export interface RegistryStats {
  /** Sessions that exist now: held ones, and ones that wait for their disposal. */
  live: number;
  held: number;
  opened: number;
  disposed: number;
}

export class RoomRegistry<T extends Disposable> {
  readonly #entries = new Map<string, Entry<T>>();
  /** Keys that nobody holds, in the order in which they were let go. */
  readonly #lingering = new Set<string>();
  #opened = 0;
  #disposed = 0;

  /** Holds the session of `key`, which `open` makes if there is none; returns how to let go of it, once. */
  hold(key: string, open: () => T): () => void {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { value: open(), holders: 0, timer: null };
      this.#entries.set(key, entry);
      this.#opened++;
    }
    const held = entry;
    if (held.timer !== null) clearTimeout(held.timer);
    held.timer = null;
    held.holders++;
    this.#lingering.delete(key);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      held.holders--;
      if (held.holders === 0) this.#linger(key, held);
    };
  }

  peek(key: string): T | null {
    return this.#entries.get(key)?.value ?? null;
  }

  /** How many sessions there are and were, so that a leak can be counted. */
  stats(): RegistryStats {
    const entries = [...this.#entries.values()];
    return {
      live: entries.length,
      held: entries.filter(({ holders }) => holders > 0).length,
      opened: this.#opened,
      disposed: this.#disposed,
    };
  }

  #linger(key: string, entry: Entry<T>) {
    this.#lingering.add(key);
    this.#disposeAfter(key, entry, DISPOSE_AFTER_MS);
    const [oldest] = this.#lingering;
    if (this.#lingering.size <= LINGERING_MAX || oldest === undefined) return;
    const superfluous = this.#entries.get(oldest);
    this.#lingering.delete(oldest);
    // By a timer all the same: a session is disposed of in a task of its own.
    if (superfluous !== undefined) this.#disposeAfter(oldest, superfluous, 0);
  }

  #disposeAfter(key: string, entry: Entry<T>, delayMs: number) {
    if (entry.timer !== null) clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      this.#entries.delete(key);
      this.#lingering.delete(key);
      this.#disposed++;
      entry.value.dispose();
    }, delayMs);
  }
}
