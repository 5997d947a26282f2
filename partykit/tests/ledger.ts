/**
 * Somebody who edits at random and remembers what the room has promised.
 *
 * Each editor owns keys of a shared map that nobody else touches, and sets and deletes them; beside that it types
 * into a shared text. After an answered barrier, a key must be in the state that it had when the barrier was sent,
 * or in one that its editor gave it later: the room may have those, but has not promised them.
 */
import type * as Y from "yjs";
import type { Client } from "./clients";
import type { Random } from "./random";

const ABSENT = Symbol("absent");
type Value = string | typeof ABSENT;

/** The states that a key may be in: the promised one, then all later ones. */
interface History {
  values: Value[];
  /** How many states were dropped in front of them. */
  dropped: number;
}

export class Editor {
  readonly #histories = new Map<string, History>();
  #edits = 0;
  readonly #pending = new Set<Promise<void>>();

  constructor(
    readonly name: string,
    readonly client: Client,
    readonly random: Random,
  ) {}

  get #map(): Y.Map<string> {
    return this.client.doc.getMap<string>("keys");
  }

  edit({ deleteOnly = false } = {}): void {
    const { random } = this;
    const own = [...this.#map.keys()].filter((key) => key.startsWith(`${this.name}:`));
    if (own.length > 0 && (deleteOnly || random.next() < 0.35)) {
      const key = random.pick(own);
      this.#map.delete(key);
      this.#remember(key, ABSENT);
      return;
    }
    if (deleteOnly) return;
    this.#set(`${++this.#edits}`);
    const { text } = this.client;
    if (text.length > 20 && random.next() < 0.4) text.delete(random.integer(0, text.length - 10), 5);
    else text.insert(random.integer(0, text.length), `${this.name}${this.#edits} `);
  }

  /** So much at once that a few of them fill the room's log. */
  paste(): void {
    this.#set(`${++this.#edits} ${"x".repeat(300_000)}`);
  }

  /** Asks for a promise; what it covers is noted when it comes. Does not wait. */
  askToSave(): void {
    const covered = new Map(
      [...this.#histories].map(([key, { dropped, values }]) => [key, dropped + values.length - 1]),
    );
    const asked = this.client.barrier().then((answered) => {
      if (answered) this.#keepPromise(covered);
      this.#pending.delete(asked);
    });
    this.#pending.add(asked);
  }

  /** Resolves when every question is answered, or its socket closed. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /** What `doc` lacks of what was promised, in words; empty if nothing. */
  broken(doc: Y.Doc): string[] {
    const map = doc.getMap<string>("keys");
    const complaints: string[] = [];
    for (const [key, { values }] of this.#histories) {
      const actual = map.get(key) ?? ABSENT;
      if (!values.includes(actual)) {
        complaints.push(`${key} is ${show(actual)}, not one of ${values.map(show).join(", ")}`);
      }
    }
    return complaints;
  }

  #set(value: string): void {
    const key = `${this.name}:${this.random.integer(0, 20)}`;
    this.#map.set(key, value);
    this.#remember(key, value);
  }

  #remember(key: string, value: Value): void {
    const history = this.#histories.get(key);
    // Nothing is promised of a new key; it may not have arrived.
    if (history === undefined) this.#histories.set(key, { values: [ABSENT, value], dropped: 0 });
    else history.values.push(value);
  }

  #keepPromise(covered: Map<string, number>): void {
    for (const [key, index] of covered) {
      const history = this.#histories.get(key);
      if (history === undefined || index <= history.dropped) continue;
      history.values.splice(0, index - history.dropped);
      history.dropped = index;
    }
  }
}

function show(value: Value): string {
  return value === ABSENT ? "absent" : value.slice(0, 12);
}
