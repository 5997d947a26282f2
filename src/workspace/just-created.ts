import { useLocation } from "react-router";

/** The state of the navigation to something that its author has just made. */
export const JUST_CREATED = { justCreated: true };

/** Whether this page shows what its reader has just made, and so will want to write into at once. */
export function useJustCreated(): boolean {
  const state: unknown = useLocation().state;
  return typeof state === "object" && state !== null && "justCreated" in state;
}
