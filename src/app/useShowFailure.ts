import { createContext, use } from "react";
import type { Explanations } from "./messages";

/** Shows the person what went wrong with something they started; `inThisCase` as `explain` takes it. */
export type ShowFailure = (error: unknown, inThisCase?: Partial<Explanations>) => void;

export const NoticesContext = createContext<ShowFailure | null>(null);

/** For actions whose result has no place of its own on the page, like creating something from the sidebar. */
export function useShowFailure(): ShowFailure {
  const showFailure = use(NoticesContext);
  if (showFailure === null) throw new Error("useShowFailure needs <Notices> around it");
  return showFailure;
}
