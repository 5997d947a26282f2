import { createContext, use, useSyncExternalStore } from "react";
import type { PresentPerson } from "../../protocol/presence";
import type { PresenceSession } from "./presence-session";
import { NOBODY, type PresenceState } from "./presence-state";

export interface Presence {
  session: PresenceSession;
  /** The user id of the person at this page. */
  me: string;
}

/** `null` while there is no workspace to be present in. */
export const PresenceContext = createContext<Presence | null>(null);

export function usePresence(): Presence | null {
  return use(PresenceContext);
}

const noSubscription = () => () => undefined;

export function usePresenceState(): PresenceState {
  const session = usePresence()?.session;
  return useSyncExternalStore(session?.subscribe ?? noSubscription, session?.getState ?? (() => NOBODY));
}

/** Who else has the document or diagram of this room open, in an order that does not jump. */
export function useOthersOn(roomId: string): PresentPerson[] {
  const { people } = usePresenceState();
  const me = usePresence()?.me;
  return [...people.values()]
    .filter(({ userId, pages }) => userId !== me && pages.includes(roomId))
    .sort((a, b) => a.name.localeCompare(b.name) || (a.userId < b.userId ? -1 : 1));
}
