import { roomIdFor, type ResourceKind } from "../../protocol/rooms";
import { RoomRegistry } from "./room-registry";
import type { RoomSession } from "./room-session";
import { guardUnload } from "./unload-guard";

/** The rooms that this page is in. Apart from what opens them: the shell asks it before anybody signs out. */
export const rooms = new RoomRegistry<RoomSession>();

/** By user and room: whoever signs in next on this page must not find the session of the one before. */
export function roomKey(userId: string, kind: ResourceKind, resourceId: string): string {
  return `${userId}/${roomIdFor(kind, resourceId)}`;
}

guardUnload(rooms, window);
