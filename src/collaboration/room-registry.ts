/**
 * Which rooms this page is in. A session is shared by all who hold its key, and outlives the last of them for a
 * moment: StrictMode, hot reload and the way back from another page unmount and mount again at once, and a Y.Doc
 * and its socket are too dear to be made twice. One with edits that the room has not got yet outlives them until
 * it has: its Y.Doc is the only place where they are.
 */
import type { UnsavedEdits } from "./room-status";
import type { RiskSource } from "./unload-guard";

/** Long enough to look at another page and come back to one's undo history. */
export const DISPOSE_AFTER_MS = 5_000;

/** Somebody who leafs through many rooms does not stay in all of them for that long. */
export const LINGERING_MAX = 2;

export interface Disposable {
  dispose: () => void;
  unsaved: () => UnsavedEdits;
  /** Whether unsaved edits are nowhere but here. */
  isAtRisk: () => boolean;
  /** Calls back whenever one of these may answer differently. */
  subscribe: (onChange: () => void) => () => void;
}

interface Entry<T> {
  value: T;
  open: () => T;
  holders: number;
  timer: ReturnType<typeof setTimeout> | null;
  /** Its unsaved edits were given up. */
  abandoned: boolean;
  unsubscribe: () => void;
}

export class RoomRegistry<T extends Disposable> implements RiskSource {
  readonly #entries = new Map<string, Entry<T>>();
  /** Keys that nobody holds, in the order in which they were let go. */
  readonly #lingering = new Set<string>();
  readonly #listeners = new Set<() => void>();

  /** Holds the session of `key`, which `open` makes if there is none; returns how to let go of it, once. */
  hold(key: string, open: () => T): () => void {
    const held = this.#entries.get(key) ?? this.#enter(key, open);
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

  /** Whether any session has edits that the room may not have, those that nobody holds included. */
  hasUnsaved(): boolean {
    return this.#some((session) => session.unsaved() !== "none");
  }

  /** Whether any of them are lost when the page goes. */
  isAtRisk(): boolean {
    return this.#some((session) => session.isAtRisk());
  }

  subscribe(onChange: () => void): () => void {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }

  /** The person gives up what is unsaved now: no session is kept for it. */
  abandonUnsaved() {
    for (const entry of this.#entries.values()) entry.abandoned = true;
    for (const key of [...this.#lingering]) this.#disposeSoon(key);
    this.#tell();
  }

  /** Ends the session of `key`, unsaved edits and all; whoever holds it gets a new one. */
  renew(key: string) {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    const { value } = entry;
    entry.unsubscribe();
    if (entry.timer !== null) clearTimeout(entry.timer);
    this.#entries.delete(key);
    this.#lingering.delete(key);
    if (entry.holders > 0) {
      entry.value = entry.open();
      entry.unsubscribe = entry.value.subscribe(() => this.#tell());
      this.#entries.set(key, entry);
    }
    setTimeout(() => value.dispose(), 0);
    this.#tell();
  }

  #enter(key: string, open: () => T): Entry<T> {
    const value = open();
    const unsubscribe = value.subscribe(() => this.#tell());
    const entry = { value, open, holders: 0, timer: null, abandoned: false, unsubscribe };
    this.#entries.set(key, entry);
    return entry;
  }

  #linger(key: string, entry: Entry<T>) {
    this.#lingering.add(key);
    this.#disposeAfter(key, entry, entry.abandoned ? 0 : DISPOSE_AFTER_MS);
    const idle = [...this.#lingering].filter((other) => !this.#isNeeded(other));
    const [oldest] = idle;
    if (idle.length > LINGERING_MAX && oldest !== undefined) this.#disposeSoon(oldest);
  }

  /** By a timer all the same: a session is disposed of in a task of its own. */
  #disposeSoon(key: string) {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#lingering.delete(key);
    this.#disposeAfter(key, entry, 0);
  }

  #disposeAfter(key: string, entry: Entry<T>, delayMs: number) {
    if (entry.timer !== null) clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      if (this.#isNeeded(key)) {
        this.#disposeAfter(key, entry, DISPOSE_AFTER_MS);
        return;
      }
      this.#entries.delete(key);
      this.#lingering.delete(key);
      entry.unsubscribe();
      entry.value.dispose();
      this.#tell();
    }, delayMs);
  }

  /** Edits that wait for a connection keep their session; one that has ended by itself will not deliver them. */
  #isNeeded(key: string): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && !entry.abandoned && entry.value.unsaved() === "pending";
  }

  #some(holds: (value: T) => boolean): boolean {
    return [...this.#entries.values()].some(({ value, abandoned }) => !abandoned && holds(value));
  }

  #tell() {
    for (const listener of [...this.#listeners]) listener();
  }
}
