import { useConvex } from "convex/react";
import { useEffect } from "react";
import { evictCopies } from "../offline/eviction";
import { useMe } from "../offline/remembered-person";
import { deliverUnsynced, openEarly, watchLinks } from "./early-rooms";

/** For the frame of the workspace: see `early-rooms.ts`. */
export function useEarlyRooms(): void {
  const convex = useConvex();
  const { userId, name, color } = useMe() ?? {};
  useEffect(() => {
    if (userId === undefined || name === undefined || color === undefined) return;
    const me = { userId, name, color };
    const keepHouse = async () => {
      await deliverUnsynced(convex, me);
      await evictCopies(userId);
    };
    keepHouse().catch(() => {
      // A browser that keeps nothing, or code that cannot be fetched now: the copy is opened with its page.
    });
    return watchLinks(document, (room) => {
      openEarly(convex, me, room).catch(() => {
        // The page that the link leads to needs the same code, and says so if it cannot be fetched.
      });
    });
  }, [convex, userId, name, color]);
}
