import { useEffect, useState } from "react";
import { othersIn } from "./people";
import type { Person } from "../offline/remembered-person";
import type { RoomSession } from "./room-session";

/** Who else is in the room. Changes when somebody comes, goes or changes their name, not when they move. */
export function useOthers(session: RoomSession | null): Person[] {
  const [others, setOthers] = useState<Person[]>([]);
  useEffect(() => {
    if (session === null) return;
    const { awareness, me } = session;
    const read = () => {
      const now = othersIn(awareness.getStates().values(), me.userId);
      setOthers((before) => (JSON.stringify(before) === JSON.stringify(now) ? before : now));
    };
    read();
    awareness.on("change", read);
    return () => {
      awareness.off("change", read);
      setOthers([]);
    };
  }, [session]);
  return others;
}
