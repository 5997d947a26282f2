import type { ConvexReactClient } from "convex/react";
import { api } from "../../convex/_generated/api";
import { roomIdFor, type ResourceKind } from "../../protocol/rooms";
import { onWake } from "../app/on-wake";
import { PARTYKIT_HOST, RECONNECT_WITHIN_MS } from "../app/partykit";
import { evictCopies, makeRoom } from "../offline/eviction";
import { openLocalCopy } from "../offline/local-copy";
import { tabChannel } from "../offline/names";
import { noteTrouble } from "../offline/troubles";
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
  const session = openRoomSession({
    roomId,
    host: PARTYKIT_HOST,
    me,
    reconnectWithinMs: RECONNECT_WITHIN_MS,
    requestToken: tokenSource(call, TOKEN_LIMIT_MS, me.userId),
    tabChannel: tabChannel(me.userId, roomId),
    onWake,
    onAttention: watchAttention,
    openCopy: (options) =>
      openLocalCopy({ ...options, userId: me.userId, roomId, makeRoom: () => makeRoom(me.userId) }),
  });
  // With each room that is opened the copies may outgrow their limit.
  session.loaded
    .then(async () => {
      // Not after the person has left, and perhaps signed out: looking at the copies would make a new directory.
      if (!session.doc.isDestroyed) await evictCopies(me.userId);
    })
    .catch((error: unknown) =>
      noteTrouble("The copies on this device could not be kept within limits", error),
    );
  return session;
}
