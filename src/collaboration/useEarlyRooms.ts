import { useConvex } from "convex/react";
import { useEffect } from "react";
import { useMe } from "../offline/remembered-person";
import { noteTrouble } from "../offline/troubles";
import { deliverUnsynced, openEarly } from "./early-rooms";
import { watchLinks } from "./link-watch";

/** For the frame of the workspace: see `early-rooms.ts`. */
export function useEarlyRooms(): void {
  const convex = useConvex();
  const { userId, name, color } = useMe() ?? {};
  useEffect(() => {
    if (userId === undefined || name === undefined || color === undefined) return;
    const me = { userId, name, color };
    deliverUnsynced(convex, me).catch((error: unknown) => {
      // Each copy is still opened with its page, and delivered then, or at the next visit.
      noteTrouble("What earlier visits left unsaved was not looked up", error);
    });
    return watchLinks(document, (room) => {
      openEarly(convex, me, room).catch(() => {
        // The page that the link leads to needs the same code, and says so if it cannot be fetched.
      });
    });
  }, [convex, userId, name, color]);
}
