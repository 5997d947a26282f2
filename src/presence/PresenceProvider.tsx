import { useConvex, useQuery } from "convex/react";
import { useEffect, useState, type ReactNode } from "react";
import { api } from "../../convex/_generated/api";
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
    let session: PresenceSession | null = null;
    let over = false;
    // Nobody waits for it, so the first paint does not wait for its code.
    void import("./enter-workspace").then(({ enterWorkspace }) => {
      if (over) return;
      session = enterWorkspace(convex, workspaceId, me);
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
