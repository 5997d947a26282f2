import type { ReactNode } from "react";
import classes from "./Tip.module.css";

interface TipProps {
  /** For those who look; the element itself must say the same to those who listen. */
  text: string;
  children: ReactNode;
}

/** Words that appear below an element under the mouse or with the focus. Without script: pages open with many. */
export function Tip({ text, children }: TipProps) {
  return (
    <span className={classes.tip} data-tip={text}>
      {children}
    </span>
  );
}
