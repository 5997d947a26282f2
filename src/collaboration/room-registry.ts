/**
 * Which rooms this page is in. A session is shared by all who hold its key, and outlives the last of them for a
 * moment: StrictMode, hot reload and the way back from another page unmount and mount again at once, and a Y.Doc
 * and its socket are too dear to be made twice.
 */

/** Long enough for a page to be left and entered again by a double click on "back". */
export const DISPOSE_AFTER_MS = 2_000;

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
    let released = false;
    return () => {
      if (released) return;
      released = true;
      held.holders--;
      if (held.holders > 0) return;
      held.timer = setTimeout(() => {
        this.#entries.delete(key);
        this.#disposed++;
        held.value.dispose();
      }, DISPOSE_AFTER_MS);
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
}
