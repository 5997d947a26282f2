/** Which key presses the workspace listens to, wherever the focus is. */

export type Shortcut = "palette" | "overview";

interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
}

interface Place {
  /** A field or an editor has the focus. */
  typing: boolean;
  /** Text is selected there. */
  selecting: boolean;
}

/**
 * What a key press asks for. Ctrl or Cmd and K opens everything, except over a selection in an editor, where it makes a
 * link of it, as everywhere. A question mark is a character while somebody types.
 */
export function shortcutOf(press: KeyPress, { typing, selecting }: Place): Shortcut | null {
  if (press.isComposing || press.altKey) return null;
  const command = press.ctrlKey || press.metaKey;
  if (command && !press.shiftKey && press.key.toLowerCase() === "k") {
    return typing && selecting ? null : "palette";
  }
  return !command && press.key === "?" && !typing ? "overview" : null;
}

const FIELDS = "input, textarea, select, [contenteditable=true]";

/** Where the focus is now. */
export function placeOf(target: EventTarget | null): Place {
  const typing = target instanceof Element && target.closest(FIELDS) !== null;
  const editing = target instanceof Element && target.closest("[contenteditable=true]") !== null;
  return { typing, selecting: editing && getSelection()?.isCollapsed === false };
}
