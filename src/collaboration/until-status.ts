import type { RoomSession } from "./room-session";
import { takesEdits, type RoomStatus } from "./room-status";

/** Resolves when the session's status is as wanted; rejects when the session ends by itself, after which it will not be. */
export function untilStatus(session: RoomSession, isWanted: (status: RoomStatus) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const status = session.getStatus();
      if (isWanted(status)) resolve();
      else if (!takesEdits(status.connection)) reject(new Error(`the session ended: ${status.connection}`));
      else return;
      unsubscribe();
    };
    const unsubscribe = session.subscribe(look);
    look();
  });
}
