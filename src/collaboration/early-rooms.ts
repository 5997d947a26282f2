/**
 * Opens rooms before their page asks for them: when a link to one is pressed, or the pointer rests on it, so that the
 * content is there when the editor is; and once at the start those whose edits an earlier visit could not deliver.
 *
 * A session that nobody takes over goes after a moment (`room-registry.ts`), and few such linger at a time. A pointer
 * that passes over a list opens nothing: it has to rest, and at most one room a second opens like that.
 */
import type { ConvexReactClient } from "convex/react";
import { parseRoomId, type RoomRef } from "../../protocol/rooms";
import { directoryOf } from "../offline/directory";
import type { GivenUp } from "../offline/give-up-copy";
import type { Person } from "../offline/remembered-person";
import { itemAt } from "../workspace/items";
import { isDropped, type RoomStatus } from "./room-status";
import { roomKey, rooms } from "./rooms";

/** How long a pointer rests on a link before that means something. */
export const REST_MS = 120;
export const REST_GAP_MS = 1_000;

type Open = (room: RoomRef) => void;

/** Watches all links of the page; returns how to stop. */
export function watchLinks(page: Document, open: Open): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let openedAt = -Infinity;
  const cancel = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const onOver = (event: Event) => {
    cancel();
    const room = roomAt(event.target);
    if (room === null) return;
    const wait = Math.max(REST_MS, openedAt + REST_GAP_MS - Date.now());
    timer = setTimeout(() => {
      openedAt = Date.now();
      open(room);
    }, wait);
  };
  const onPress = (event: Event) => {
    cancel();
    const room = roomAt(event.target);
    if (room !== null) open(room);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") onPress(event);
  };
  page.addEventListener("pointerover", onOver, { passive: true });
  page.addEventListener("pointerdown", onPress, { passive: true });
  page.addEventListener("keydown", onKey);
  return () => {
    cancel();
    page.removeEventListener("pointerover", onOver);
    page.removeEventListener("pointerdown", onPress);
    page.removeEventListener("keydown", onKey);
  };
}

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
  for (const { roomId, unsynced } of await directory.records()) {
    const room = parseRoomId(roomId);
    if (room === null || Object.keys(unsynced).length === 0) continue;
    const [{ enterRoom }, { leaveRoom }] = await Promise.all([
      import("./enter-room"),
      import("./leave-room"),
    ]);
    const release = rooms.hold(keyOf(me, room), () => enterRoom(convex, room.kind, room.resourceId, me));
    const session = rooms.peek(keyOf(me, room));
    await session?.loaded;
    session?.subscribe(() => {
      const reason = refusalOf(session.getStatus());
      if (reason !== null) void leaveRoom({ userId: me.userId, ...room, reason });
    });
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

function roomAt(target: EventTarget | null): RoomRef | null {
  const link = target instanceof Element ? target.closest("a[href]") : null;
  return itemAt(link?.getAttribute("href") ?? "");
}
