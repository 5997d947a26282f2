import { useConvex, useQuery } from "convex/react";
import { useEffect, useState, type ReactNode } from "react";
import { api } from "../../convex/_generated/api";
import { PARTYKIT_HOST } from "../app/partykit";
import { tokenSource } from "../collaboration/collaboration-token";
import { TOKEN_LIMIT_MS } from "../collaboration/connection-policy";
import { PresenceContext, type Presence } from "./presence-context";
import type { PresenceSession } from "./presence-session";

interface PresenceProviderProps {
  /** `null` while it is not known. */
  workspaceId: string | null;
  children: ReactNode;
}

/** Makes the person present in a workspace for as long as this is mounted, and says who else is. */
export function PresenceProvider({ workspaceId, children }: PresenceProviderProps) {
  const convex = useConvex();
  const me = useQuery(api.users.me)?.userId ?? null;
  const [presence, setPresence] = useState<Presence | null>(null);

  useEffect(() => {
    if (me === null || workspaceId === null) return;
    const call = () => convex.action(api.collaboration.getPresenceToken, { workspaceId });
    const requestToken = tokenSource(call, TOKEN_LIMIT_MS, me);
    let session: PresenceSession | null = null;
    let over = false;
    // Nobody waits for it, so the first paint does not wait for its code.
    void import("./presence-session").then(({ openPresence }) => {
      if (over) return;
      session = openPresence({ workspaceId, host: PARTYKIT_HOST, requestToken });
      setPresence({ session, me });
    });
    return () => {
      over = true;
      session?.close();
      setPresence(null);
    };
  }, [convex, workspaceId, me]);

  return <PresenceContext value={presence}>{children}</PresenceContext>;
}
