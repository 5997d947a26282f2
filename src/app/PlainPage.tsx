import type { ReactNode } from "react";
import { Link } from "react-router";
import { ConnectionBanner } from "./ConnectionBanner";
import { Logo } from "./Logo";
import classes from "./PlainPage.module.css";

/** The frame of pages outside the workspace: sign-in, and addresses that lead nowhere. */
export function PlainPage({ children }: { children: ReactNode }) {
  return (
    <div className={classes.page}>
      <ConnectionBanner />
      <header className={classes.header}>
        <Link to="/" className={classes.brand}>
          <Logo />
          Ripple
        </Link>
      </header>
      <main className={classes.main}>{children}</main>
    </div>
  );
}
