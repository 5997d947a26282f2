import { useEffect, useRef, useState } from "react";
import { useOthersOn } from "../presence/presence-context";
import { LEAVE_GRACE_MS, othersIn, withLeavers, type Other, type Shown } from "./people";
import type { RoomSession } from "./room-session";

/**
 * Who else is in the room. Changes when somebody comes, goes, rests or changes their name, not when they move. Until
 * the room itself says so (`live`), the workspace's presence does: people are there with the content of this device.
 */
export function useOthers(session: RoomSession | null, roomId: string, live: boolean): Other[] {
  const [others, setOthers] = useState<Shown[]>([]);
  const shown = useRef<Shown[]>([]);
  const elsewhere = useOthersOn(roomId);
  // By value: the workspace's news are new objects each time.
  const announced = JSON.stringify(
    live ? [] : elsewhere.map(({ userId, name, color }) => ({ userId, name, color, attention: "here" })),
  );

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const read = () => {
      const inRoom =
        session === null ? [] : othersIn(session.awareness.getStates().values(), session.me.userId);
      const known = new Set(inRoom.map(({ userId }) => userId));
      const more = (JSON.parse(announced) as Other[]).filter(({ userId }) => !known.has(userId));
      const before = shown.current;
      const now = withLeavers(before, [...inRoom, ...more], Date.now());
      if (JSON.stringify(before) !== JSON.stringify(now)) {
        shown.current = now;
        setOthers(now);
      }
      if (timer !== null) clearTimeout(timer);
      timer = now.some(({ leftAt }) => leftAt !== null) ? setTimeout(read, LEAVE_GRACE_MS) : null;
    };
    read();
    session?.awareness.on("change", read);
    return () => {
      session?.awareness.off("change", read);
      if (timer !== null) clearTimeout(timer);
    };
  }, [session, announced]);

  // Of another room than the one before: nobody lingers from there.
  useEffect(
    () => () => {
      shown.current = [];
      setOthers([]);
    },
    [roomId],
  );
  return others;
}
