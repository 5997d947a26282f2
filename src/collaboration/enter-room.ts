import type { ConvexReactClient } from "convex/react";
import { api } from "../../convex/_generated/api";
import { roomIdFor, type ResourceKind } from "../../protocol/rooms";
import { PARTYKIT_HOST, RECONNECT_WITHIN_MS } from "../app/partykit";
import { openLocalCopy } from "../offline/local-copy";
import { tabChannel } from "../offline/names";
import { watchAttention } from "./attention";
import { tokenSource } from "./collaboration-token";
import { TOKEN_LIMIT_MS } from "./connection-policy";
import type { Person } from "../offline/remembered-person";
import { openRoomSession, type RoomSession } from "./room-session";

/** Opens the person's session with a room, in this browser. */
export function enterRoom(
  convex: ConvexReactClient,
  kind: ResourceKind,
  resourceId: string,
  me: Person,
): RoomSession {
  const roomId = roomIdFor(kind, resourceId);
  const call = () =>
    convex.action(api.collaboration.getCollaborationToken, { resourceType: kind, resourceId });
  return openRoomSession({
    roomId,
    host: PARTYKIT_HOST,
    me,
    reconnectWithinMs: RECONNECT_WITHIN_MS,
    requestToken: tokenSource(call, TOKEN_LIMIT_MS, me.userId),
    tabChannel: tabChannel(me.userId, roomId),
    onWake: onBrowserWake,
    onAttention: watchAttention,
    openCopy: (options) => openLocalCopy({ ...options, userId: me.userId, roomId }),
  });
}

function onBrowserWake(wake: () => void): () => void {
  const wakeIfVisible = () => {
    if (document.visibilityState === "visible") wake();
  };
  addEventListener("online", wake);
  addEventListener("focus", wake);
  document.addEventListener("visibilitychange", wakeIfVisible);
  return () => {
    removeEventListener("online", wake);
    removeEventListener("focus", wake);
    document.removeEventListener("visibilitychange", wakeIfVisible);
  };
}
