import { IconAlertCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./FailureNote.module.css";
import type { Explanation } from "./messages";

interface FailureNoteProps {
  explanation: Explanation;
  /** A button that does what the explanation suggests. */
  action?: ReactNode;
}

/** A failure in its place on the page: what happened, and what to do. Screen readers speak it when it appears. */
export function FailureNote({ explanation, action }: FailureNoteProps) {
  return (
    <div role="alert" className={classes.note}>
      <IconAlertCircle size={20} stroke={1.8} aria-hidden="true" />
      <div>
        <p className={classes.what}>{explanation.what}</p>
        <p className={classes.next}>{explanation.next}</p>
        {action}
      </div>
    </div>
  );
}
