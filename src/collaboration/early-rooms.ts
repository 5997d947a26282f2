/**
 * Opens rooms before their page asks for them: when a link leads to one (`link-watch.ts`), so that the content is there
 * when the editor is; and once at the start those whose edits an earlier visit could not deliver.
 *
 * A session that nobody takes over goes after a moment (`room-registry.ts`), and few such linger at a time.
 */
import type { ConvexReactClient } from "convex/react";
import { parseRoomId, type RoomRef } from "../../protocol/rooms";
import { directoryOf, isSynced } from "../offline/directory";
import type { GivenUp } from "../offline/give-up-copy";
import type { Person } from "../offline/remembered-person";
import { isDropped, type RoomStatus } from "./room-status";
import { roomKey, rooms } from "./rooms";

/** Opens a room and lets go of it, for its page to take over. What it needs is fetched with the first. */
export async function openEarly(convex: ConvexReactClient, me: Person, room: RoomRef): Promise<void> {
  const { enterRoom } = await import("./enter-room");
  rooms.hold(keyOf(me, room), () => enterRoom(convex, room.kind, room.resourceId, me))();
}

/**
 * Opens the rooms whose copies hold edits that the room may not have, one after the other; each stays until those are
 * delivered. What a room refuses is set aside.
 */
export async function deliverUnsynced(convex: ConvexReactClient, me: Person): Promise<void> {
  const directory = await directoryOf(me.userId);
  for (const record of await directory.records()) {
    const room = parseRoomId(record.roomId);
    if (room === null || isSynced(record)) continue;
    const [{ enterRoom }, { leaveRoom }] = await Promise.all([
      import("./enter-room"),
      import("./leave-room"),
    ]);
    const key = keyOf(me, room);
    const release = rooms.hold(key, () => enterRoom(convex, room.kind, room.resourceId, me));
    const session = rooms.peek(key);
    await session?.loaded;
    const look = () => {
      // The page of the room may have left it already.
      if (session === null || rooms.peek(key) !== session) return;
      const reason = refusalOf(session.getStatus());
      if (reason !== null) void leaveRoom({ userId: me.userId, ...room, reason });
    };
    session?.subscribe(look);
    look();
    release();
  }
}

/** What is final, said by Convex or by the room to a connection that is as new as this page. */
function refusalOf({ connection, saved }: RoomStatus): GivenUp["reason"] | null {
  if (connection === "no-access" || connection === "gone") return connection;
  return connection === "live" && isDropped(saved) ? "read-only" : null;
}

function keyOf({ userId }: Person, { kind, resourceId }: RoomRef): string {
  return roomKey(userId, kind, resourceId);
}
