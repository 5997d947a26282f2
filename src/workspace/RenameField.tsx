import { useEffect, useRef, type KeyboardEvent } from "react";
import { TITLE_MAX_CHARS } from "../../protocol/limits";
import classes from "./TreeRow.module.css";

interface RenameFieldProps {
  title: string;
  /** `byKey` says that Enter or Escape ended it, and not a click elsewhere; `null`: nothing to rename. */
  onDone: (title: string | null, byKey: boolean) => void;
}

/** A row's title while it is edited. Enter or leaving keeps the change, Escape takes it back. */
export function RenameField({ title, onDone }: RenameFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  /** Enter removes the field, and removing it blurs it: only the first of the two may count. */
  const done = useRef(false);

  useEffect(() => field.current?.select(), []);

  function finish(save: boolean, byKey: boolean) {
    if (done.current) return;
    done.current = true;
    const next = field.current?.value.trim() ?? "";
    onDone(save && next !== "" && next !== title ? next : null, byKey);
  }

  function onKeyDown(event: KeyboardEvent) {
    // Enter and Escape also end a composition (Japanese, Chinese); then they are not for us.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") finish(true, true);
    else if (event.key === "Escape") finish(false, true);
    else return;
    event.preventDefault();
    // Escape would also close the sidebar on a narrow screen.
    event.stopPropagation();
  }

  return (
    <input
      ref={field}
      className={classes.field}
      aria-label={`New title of ${title}`}
      defaultValue={title}
      maxLength={TITLE_MAX_CHARS}
      autoFocus
      onKeyDown={onKeyDown}
      onBlur={() => finish(true, false)}
    />
  );
}
