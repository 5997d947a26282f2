import { ConnectionBanner } from "../app/ConnectionBanner";
import { PageSkeleton } from "./PageSkeleton";
import { ItemsSkeleton } from "./TreeList";
import classes from "./WorkspaceShell.module.css";

/** The outline of the workspace while it is not known yet who is signed in. */
export function ShellSkeleton() {
  return (
    <div className={classes.shell} data-sidebar="open">
      <div className={classes.sidebar} data-waiting>
        <ItemsSkeleton />
      </div>
      <main className={classes.main}>
        <ConnectionBanner />
        <PageSkeleton />
      </main>
    </div>
  );
}
