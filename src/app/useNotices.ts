import { createContext, use } from "react";
import type { Explanations } from "./messages";

export interface Notices {
  /** Shows the person what went wrong with something they started; `inThisCase` as `explain` takes it. */
  showFailure: (error: unknown, inThisCase?: Partial<Explanations>) => void;
  /** Says that something was done, and offers to take it back: instead of asking before. */
  showUndo: (what: string, undo: () => Promise<unknown>) => void;
}

export const NoticesContext = createContext<Notices | null>(null);

/** For actions whose result has no place of its own on the page, like creating something from the sidebar. */
export function useNotices(): Notices {
  const notices = use(NoticesContext);
  if (notices === null) throw new Error("useNotices needs <NoticesRegion> around it");
  return notices;
}
