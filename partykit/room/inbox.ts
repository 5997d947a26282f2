/**
 * What people write, on its way into the document. To apply an edit, to store it and to send it to everybody costs
 * nearly the same for one letter as for twenty, so a busy room takes in what arrives within a tick as one change:
 *
 *   quiet   an edit goes on at once
 *   busy    an edit that comes within a tick of the last one waits for a tick, and what follows it goes with it
 *
 * The tick is as long as an edit has readers: next to nothing for a few, less than anybody sees for many. What asks
 * for the document meanwhile calls `flush` first.
 */

/** Frames of edits that one room sends per millisecond, each of which costs the server the same however short it is. */
const FRAMES_PER_MS = 2;

/** However many read: two frames of a screen, below what anybody sees of another's typing. */
const TICK_MAX_MS = 33;

/** More than typing ever is. What is larger than that is not made cheaper by waiting. */
const WAITING_MAX_BYTES = 64_000;

export class Inbox<Edit> {
  readonly #take: (edits: Edit[]) => void;
  readonly #readers: () => number;
  #edits: Edit[] = [];
  #bytes = 0;
  #takenAt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `take` gets one edit or more, in the order in which they came. `readers`: how many are in the room. */
  constructor(take: (edits: Edit[]) => void, readers: () => number) {
    this.#take = take;
    this.#readers = readers;
  }

  get isEmpty(): boolean {
    return this.#edits.length === 0;
  }

  add(edit: Edit, bytes: number): void {
    this.#edits.push(edit);
    this.#bytes += bytes;
    const tick = Math.min(this.#readers() / FRAMES_PER_MS, TICK_MAX_MS);
    const isQuiet = this.#timer === null && Date.now() >= this.#takenAt + tick;
    if (isQuiet || this.#bytes > WAITING_MAX_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), tick);
  }

  /** Takes what waits now. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#edits.length === 0) return;
    const edits = this.#edits;
    this.#edits = [];
    this.#bytes = 0;
    this.#takenAt = Date.now();
    this.#take(edits);
  }
}
