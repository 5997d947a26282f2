import { useRef, useState, type KeyboardEvent } from "react";
import { TITLE_MAX_CHARS } from "../../protocol/limits";
import { explain } from "../app/messages";
import { useBlocked } from "../offline/blocked";
import classes from "./TitleField.module.css";

interface TitleFieldProps {
  title: string;
  /** Resolves when the new title holds everywhere on the page. */
  onRename: (title: string) => Promise<null>;
}

const EMPTY = "A title needs at least one character. The old one is kept if you leave it empty.";

/** A title that is edited where it stands. Enter or leaving keeps the change, Escape takes it back. */
export function TitleField({ title, onRename }: TitleFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const blocked = useBlocked();
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  /** Escape leaves the field, and leaving keeps the change: this tells the two apart. */
  const cancelled = useRef(false);

  const message = draft?.trim() === "" ? EMPTY : problem;

  function finish() {
    const next = cancelled.current ? "" : (draft?.trim() ?? "");
    cancelled.current = false;
    if (next === "" || next === title) {
      setDraft(null);
      return;
    }
    setDraft(next);
    onRename(next).then(
      () => setDraft((current) => (current === next ? null : current)),
      (error: unknown) => {
        const { what, next: advice } = explain(error, {
          forbidden: { what: "You can’t rename this any more.", next: "Ask its owner to let you edit it." },
        });
        setDraft(null);
        setProblem(`The title was not changed. ${what} ${advice}`);
      },
    );
  }

  function onKeyDown(event: KeyboardEvent) {
    // Enter and Escape also end a composition (Japanese, Chinese); then they are not for us.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") cancelled.current = true;
    else if (event.key !== "Enter") return;
    event.preventDefault();
    field.current?.blur();
  }

  return (
    <div className={classes.title}>
      <h1 className={classes.heading}>
        <input
          ref={field}
          className={classes.field}
          aria-label="Title"
          aria-invalid={message !== null}
          aria-describedby={message === null ? undefined : "title-problem"}
          value={draft ?? title}
          maxLength={TITLE_MAX_CHARS}
          readOnly={blocked !== null && draft === null}
          title={blocked ?? undefined}
          autoComplete="off"
          spellCheck="false"
          onChange={(event) => {
            setProblem(null);
            setDraft(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
          onBlur={finish}
        />
      </h1>
      <p id="title-problem" role="alert" className={classes.problem}>
        {message}
      </p>
    </div>
  );
}
