import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { watchStillness } from "../collaboration/stillness";
import classes from "./cursor.module.css";

interface CursorUser {
  name: string;
  color: string;
}

export interface OthersCursors {
  /** Makes somebody else's caret; BlockNote calls it once for each of their tabs, and moves it from then on. */
  render: (user: CursorUser) => HTMLElement;
  /** Fades those that have stopped; returns how to end that. */
  watch: () => () => void;
}

/**
 * The carets of the others in `doc`, whose entries in `awareness` have a `cursor`. Where somebody types at the end of a
 * block, that is and stays "the end": what they insert shows that they move.
 */
export function othersCursors(doc: Y.Doc, awareness: Awareness): OthersCursors {
  const carets = new Map<number, HTMLElement>();
  return {
    render: (user) => {
      const { anchor, caret } = renderCaret(user);
      // The user is handed over as it is in the entry, and no client id with it.
      for (const [clientId, state] of awareness.getStates()) {
        if (state.user === user) carets.set(clientId, caret);
      }
      return anchor;
    },
    watch: () => {
      const show = () => {
        for (const [clientId, caret] of carets) caret.toggleAttribute("data-still", isStill(clientId));
      };
      const { isStill, lookAgain, stop } = watchStillness(
        awareness,
        ({ cursor }, clientId) => [cursor, Y.getState(doc.store, clientId)],
        () => show(),
      );
      doc.on("update", lookAgain);
      return () => {
        doc.off("update", lookAgain);
        stop();
      };
    },
  };
}

/** The name above it is drawn by the style sheet: as text it would be copied, searched and read aloud as the document's. */
function renderCaret({ name, color }: CursorUser) {
  const anchor = document.createElement("span");
  anchor.className = classes.anchor ?? "";
  const caret = document.createElement("span");
  caret.className = classes.caret ?? "";
  caret.dataset.cursorOf = name;
  caret.style.setProperty("--cursor-color", color);
  anchor.append(caret);
  return { anchor, caret };
}
