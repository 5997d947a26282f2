/**
 * What the workspace's lists said last, on this device and of one person: they can be read while the backend cannot be
 * asked. A small database that is read into memory as a whole, and taken away with everything else of the person.
 */
import { openDatabase, transact } from "./database";
import { answersName } from "./names";
import { noteTrouble } from "./troubles";

const STORE = "answers";

/** More than all lists of a busy workspace take. */
const MAX_ANSWERS = 150;
const MAX_CHARS = 1_500_000;

export interface Answer {
  /** The query and its arguments. */
  key: string;
  value: unknown;
  /** When it was last known to be the truth, in milliseconds since 1970. */
  at: number;
}

/** Which answers are worth their place: the newest. `size` is about how much one takes. */
export function worthKeeping(answers: Iterable<Answer>, size: (answer: Answer) => number): Answer[] {
  const kept: Answer[] = [];
  let left = MAX_CHARS;
  for (const answer of [...answers].sort((a, b) => b.at - a.at).slice(0, MAX_ANSWERS)) {
    left -= size(answer);
    if (left < 0) break;
    kept.push(answer);
  }
  return kept;
}

export class Answers {
  readonly #db: IDBDatabase;
  readonly #known: Map<string, Answer>;
  #isGone = false;

  private constructor(db: IDBDatabase, answers: Answer[], onGone: () => void) {
    this.#db = db;
    this.#known = new Map(answers.map((answer) => [answer.key, answer]));
    const forget = () => {
      db.close();
      this.#isGone = true;
      this.#known.clear();
      onGone();
    };
    // Deleted, by this tab or another, when the person signs out, or cleared in the browser's settings.
    db.onversionchange = forget;
    db.onclose = forget;
  }

  /** Rejects where the browser keeps nothing (private mode). `onGone`: they have been taken away. */
  static async open(userId: string, onGone: () => void): Promise<Answers> {
    const db = await openDatabase(answersName(userId), 1, (created) => {
      created.createObjectStore(STORE, { keyPath: "key" });
    });
    const all = await transact(
      db,
      [STORE],
      "readonly",
      (transaction) => {
        const request = transaction.objectStore(STORE).getAll() as IDBRequest<Answer[]>;
        return () => request.result;
      },
      "relaxed",
    );
    const kept = worthKeeping(all, ({ value }) => JSON.stringify(value).length);
    const answers = new Answers(db, kept, onGone);
    const keys = new Set(kept.map(({ key }) => key));
    const dropped = all.filter(({ key }) => !keys.has(key));
    if (dropped.length > 0) answers.#write((store) => dropped.forEach(({ key }) => store.delete(key)));
    return answers;
  }

  get(key: string): Answer | undefined {
    return this.#known.get(key);
  }

  all(): Iterable<Answer> {
    return this.#known.values();
  }

  put(answers: Answer[]): void {
    if (this.#isGone) return;
    for (const answer of answers) this.#known.set(answer.key, answer);
    this.#write((store) => answers.forEach((answer) => store.put(answer)));
  }

  /** The person may not have this answer any more. */
  remove(key: string): void {
    if (this.#isGone || !this.#known.delete(key)) return;
    this.#write((store) => store.delete(key));
  }

  close(): void {
    this.#isGone = true;
    this.#db.close();
  }

  #write(work: (store: IDBObjectStore) => void): void {
    transact(
      this.#db,
      [STORE],
      "readwrite",
      (transaction) => {
        work(transaction.objectStore(STORE));
        return () => undefined;
      },
      "relaxed",
    ).catch((error: unknown) => {
      noteTrouble("A list could not be kept for reading it offline", error);
    });
  }
}
