import type { ReactNode } from "react";
import { useBlocked } from "./blocked";
import classes from "./NeedsBackend.module.css";

/**
 * A part of the page in which nothing can be done without the backend. While it cannot be reached the part says so, and
 * none of its controls can be used: what they ask for would wait, unseen, until long after the person has gone on.
 */
export function NeedsBackend({ children }: { children: ReactNode }) {
  const blocked = useBlocked();
  return (
    <fieldset disabled={blocked !== null} className={classes.part}>
      <div role="status">{blocked !== null && <p className={classes.reason}>{blocked}</p>}</div>
      {children}
    </fieldset>
  );
}
