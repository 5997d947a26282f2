import { useConvex, useQuery, type ConvexReactClient } from "convex/react";
import { useCallback, useSyncExternalStore } from "react";
import { api } from "../../convex/_generated/api";
import { roomIdFor, type ResourceKind } from "../../protocol/rooms";
import { tokenSource } from "./collaboration-token";
import { TOKEN_LIMIT_MS } from "./connection-policy";
import { RoomRegistry } from "./room-registry";
import { openRoomSession, type Person, type RoomSession } from "./room-session";
import { UNCONNECTED, type RoomStatus } from "./room-status";

const LOCAL_PARTYKIT_HOST = "127.0.0.1:1999";

const HOST = import.meta.env.VITE_PARTYKIT_HOST ?? LOCAL_PARTYKIT_HOST;

/** The rooms that this page is in, and a way to count them. */
export const rooms = new RoomRegistry<RoomSession>();

/**
 * The session with the room of a document or diagram, for as long as the caller is mounted; `null` until it is
 * known who is signed in. Everybody on the page who asks for the same room gets the same session.
 */
export function useRoomSession(kind: ResourceKind, resourceId: string): RoomSession | null {
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
export function useRoomStatus(session: RoomSession | null): RoomStatus {
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
    requestToken: tokenSource(call, TOKEN_LIMIT_MS),
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
