import classes from "./cursor.module.css";

interface CursorUser {
  name: string;
  color: string;
}

/**
 * Somebody else's caret, with their name above it. The name is drawn by the style sheet: as text it would be part
 * of the document for whoever copies it, searches the page or has it read aloud.
 */
export function renderCursor({ name, color }: CursorUser): HTMLElement {
  const anchor = document.createElement("span");
  anchor.className = classes.anchor ?? "";
  const caret = document.createElement("span");
  caret.className = classes.caret ?? "";
  caret.dataset.cursorOf = name;
  caret.style.setProperty("--cursor-color", color);
  anchor.append(caret);
  return anchor;
}
