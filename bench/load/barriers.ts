/** Asks Ripple's room what is on its disk, as often as the page does: the page's own decision, with a timer. */
import { encodeClientMessage } from "../../protocol/messages";
import {
  decideSave,
  initialSaveState,
  saveDeadline,
  type SaveEvent,
} from "../../src/collaboration/save-state";

export class Barriers {
  readonly #people: number;
  readonly #send: (frame: Uint8Array) => void;
  #state = initialSaveState;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(people: number, send: (frame: Uint8Array) => void) {
    this.#people = people;
    this.#send = send;
  }

  edited(): void {
    this.dispatch({ type: "edited", people: this.#people });
  }

  dispatch(event: SaveEvent): void {
    const now = Date.now();
    const { state, barrier } = decideSave(this.#state, event, now);
    this.#state = state;
    if (barrier !== null) this.#send(encodeClientMessage({ kind: "barrier", barrier }));
    this.stop();
    const due = saveDeadline(state, now);
    if (due !== null)
      this.#timer = setTimeout(
        () => this.dispatch({ type: "timer", heardAt: Date.now() }),
        Math.max(0, due - now),
      );
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
