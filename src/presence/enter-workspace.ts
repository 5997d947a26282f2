import type { ConvexReactClient } from "convex/react";
import { api } from "../../convex/_generated/api";
import { PARTYKIT_HOST } from "../app/partykit";
import { tokenSource } from "../collaboration/collaboration-token";
import { TOKEN_LIMIT_MS } from "../collaboration/connection-policy";
import { openPresence, type PresenceSession } from "./presence-session";

/** Opens the presence of `me` (a user id) in a workspace, in this browser. */
export function enterWorkspace(convex: ConvexReactClient, workspaceId: string, me: string): PresenceSession {
  const call = () => convex.action(api.collaboration.getPresenceToken, { workspaceId });
  const requestToken = tokenSource(call, TOKEN_LIMIT_MS, me);
  return openPresence({ workspaceId, host: PARTYKIT_HOST, requestToken });
}
