import { useCallback, useEffect, useState } from "react";
import { parseRoomId, type RoomRef } from "../../protocol/rooms";
import { directoryOf, isSynced } from "./directory";
import { openRooms } from "./eviction";
import { isLasting } from "./lasting-storage";

export interface Copy {
  roomId: string;
  room: RoomRef;
  title: string;
  bytes: number;
  /** Milliseconds since 1970. */
  lastOpened: number;
  /** `open`: in some tab. `unsynced`: it has edits that the room may not have. */
  state: "synced" | "unsynced" | "open";
}

export type Copies =
  | { kind: "loading" }
  | { kind: "found"; copies: Copy[]; lasting: boolean }
  | { kind: "failed"; error: unknown };

/** What this device keeps of the person's rooms, as of now, and how to look again. */
export function useCopies(userId: string): [Copies, () => void] {
  const [copies, setCopies] = useState<Copies>({ kind: "loading" });
  const look = useCallback(() => {
    read(userId).then(setCopies, (error: unknown) => setCopies({ kind: "failed", error }));
  }, [userId]);
  useEffect(look, [look]);
  return [copies, look];
}

async function read(userId: string): Promise<Copies> {
  const directory = await directoryOf(userId);
  const [records, isOpen, lasting] = await Promise.all([directory.records(), openRooms(userId), isLasting()]);
  const copies = records.flatMap((record): Copy[] => {
    const { roomId, title, bytes, lastOpened } = record;
    const room = parseRoomId(roomId);
    if (room === null) return [];
    const state = !isSynced(record) ? "unsynced" : isOpen(roomId) ? "open" : "synced";
    return [{ roomId, room, title, bytes, lastOpened, state }];
  });
  return { kind: "found", copies, lasting };
}
