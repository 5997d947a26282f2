import { useConvex, useQuery, type ConvexReactClient } from "convex/react";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { api } from "../../convex/_generated/api";
import type { Role } from "../../protocol/roles";
import { roomIdFor, type ResourceKind } from "../../protocol/rooms";
import { tokenSource } from "./collaboration-token";
import { TOKEN_LIMIT_MS } from "./connection-policy";
import { openRoomSession, type Person, type RoomSession } from "./room-session";
import { mayWrite, takesEdits, UNCONNECTED, type RoomStatus } from "./room-status";
import { rooms } from "./rooms";

const LOCAL_PARTYKIT_HOST = "127.0.0.1:1999";

const HOST = import.meta.env.VITE_PARTYKIT_HOST ?? LOCAL_PARTYKIT_HOST;

export interface OpenRoom {
  /** `null` until it is known who is signed in. */
  session: RoomSession | null;
  status: RoomStatus;
  /** What is edited now reaches the room, at once or with the next connection. */
  editable: boolean;
}

/** The room of a document or diagram in which the person has `role`, according to a live query. */
export function useRoom(kind: ResourceKind, resourceId: string, role: Role): OpenRoom {
  const session = useRoomSession(kind, resourceId);
  const status = useRoomStatus(session);
  useEffect(() => session?.setRole(role), [session, role]);
  return { session, status, editable: mayWrite(role, status) && takesEdits(status.connection) };
}

/**
 * The session with the room of a document or diagram, for as long as the caller is mounted; `null` until it is
 * known who is signed in. Everybody on the page who asks for the same room gets the same session.
 */
function useRoomSession(kind: ResourceKind, resourceId: string): RoomSession | null {
  const convex = useConvex();
  const me = useQuery(api.users.me);
  const { userId, name, color } = me ?? {};

  // By user and room: whoever signs in next on this page must not find the session of the one before.
  const key = userId === undefined ? null : `${userId}/${roomIdFor(kind, resourceId)}`;
  const subscribe = useCallback(
    (onChange: () => void) => {
      if (key === null || userId === undefined || name === undefined || color === undefined) {
        return () => undefined;
      }
      const release = rooms.hold(key, () => enterRoom(convex, kind, resourceId, { userId, name, color }));
      onChange();
      return release;
    },
    [convex, key, kind, resourceId, userId, name, color],
  );
  return useSyncExternalStore(subscribe, () => (key === null ? null : rooms.peek(key)));
}

const noSubscription = () => () => undefined;

/** The session's status; that of a room that is being connected to while there is no session. */
function useRoomStatus(session: RoomSession | null): RoomStatus {
  return useSyncExternalStore(
    session?.subscribe ?? noSubscription,
    session?.getStatus ?? (() => UNCONNECTED),
  );
}

function enterRoom(
  convex: ConvexReactClient,
  kind: ResourceKind,
  resourceId: string,
  me: Person,
): RoomSession {
  const call = () =>
    convex.action(api.collaboration.getCollaborationToken, { resourceType: kind, resourceId });
  return openRoomSession({
    roomId: roomIdFor(kind, resourceId),
    host: HOST,
    me,
    requestToken: tokenSource(call, TOKEN_LIMIT_MS, me.userId),
    onWake: onBrowserWake,
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
