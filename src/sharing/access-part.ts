import type { Overview, Sharing } from "./useSharing";

/** What each part of the sharing panel is given. */
export interface AccessPart {
  overview: Overview;
  sharing: Sharing;
  /** Whether the person at this page may change this. */
  owner: boolean;
  /** Tells what went wrong, if anything does. */
  onChange: (attempt: Promise<unknown>) => void;
}

type Source = Overview["people"][number]["from"];

/** Why somebody has access that was not given here; empty for what was. */
export function reasonOf(from: Source): string {
  if (from === null) return "";
  return from.title === null ? "from a document above" : `from “${from.title}”`;
}
