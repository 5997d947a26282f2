import { useConvex } from "convex/react";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { canWrite, type Role } from "../../protocol/roles";
import type { ResourceKind } from "../../protocol/rooms";
import { useMe } from "../offline/remembered-person";
import { enterRoom } from "./enter-room";
import { leaveRoom } from "./leave-room";
import type { RoomSession } from "./room-session";
import { isDropped, mayWrite, takesEdits, UNCONNECTED, type RoomStatus } from "./room-status";
import { roomKey, rooms } from "./rooms";

export interface OpenRoom {
  /** `null` until it is known who is signed in. */
  session: RoomSession | null;
  status: RoomStatus;
  /** What is edited now reaches the room, at once or with the next connection. */
  editable: boolean;
}

/** What is known of a document or diagram besides its content. */
export interface RoomFacts {
  title: string;
  role: Role;
}

/** The room of a document or diagram of which a live query, or the copy on this device, says `facts`. */
export function useRoom(kind: ResourceKind, resourceId: string, { title, role }: RoomFacts): OpenRoom {
  const session = useRoomSession(kind, resourceId);
  const status = useRoomStatus(session);
  useEffect(() => session?.setRole(role), [session, role]);
  useEffect(() => session?.setTitle(title), [session, title]);

  const isRefused = isDropped(status.saved) && !canWrite(role);
  useEffect(() => {
    if (session === null || !isRefused) return;
    void leaveRoom({ userId: session.me.userId, kind, resourceId, reason: "read-only", title });
  }, [session, isRefused, kind, resourceId, title]);
  return { session, status, editable: mayWrite(role, status) && takesEdits(status.connection) };
}

/**
 * The session with the room of a document or diagram, for as long as the caller is mounted; `null` until it is
 * known who is signed in. Everybody on the page who asks for the same room gets the same session.
 */
function useRoomSession(kind: ResourceKind, resourceId: string): RoomSession | null {
  const convex = useConvex();
  const { userId, name, color } = useMe() ?? {};

  const key = userId === undefined ? null : roomKey(userId, kind, resourceId);
  const subscribe = useCallback(
    (onChange: () => void) => {
      if (key === null || userId === undefined || name === undefined || color === undefined) {
        return () => undefined;
      }
      const release = rooms.hold(key, () => enterRoom(convex, kind, resourceId, { userId, name, color }));
      onChange();
      const unsubscribe = rooms.subscribe(onChange);
      return () => {
        unsubscribe();
        release();
      };
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
