import { giveUpCopy, type GivenUp } from "../offline/give-up-copy";
import { noteTrouble } from "../offline/troubles";
import type { RoomSession } from "./room-session";
import { roomKey, rooms } from "./rooms";

/** Taking its copy away closes it, which changes the session's status, which may bring the same refusal here again. */
const leaving = new WeakSet<RoomSession>();

/**
 * Ends the person's edits in a room for good: sets them aside, and takes the copy and the session with them away. Never
 * rejects: what goes wrong is noted as trouble, and the copy and the session stay until the next refusal.
 */
export async function leaveRoom(given: Omit<GivenUp, "open">): Promise<void> {
  const key = roomKey(given.userId, given.kind, given.resourceId);
  const session = rooms.peek(key);
  if (session !== null) {
    if (leaving.has(session)) return;
    leaving.add(session);
  }
  const open = session === null ? null : { doc: session.doc, hasUnsaved: session.unsaved() !== "none" };
  try {
    await giveUpCopy({ ...given, open });
  } catch (error) {
    noteTrouble("A room that takes no more edits could not be left", error);
    if (session !== null) leaving.delete(session);
    return;
  }
  // Not one that was opened meanwhile, after access was given back.
  if (session !== null && rooms.peek(key) === session) rooms.renew(key);
}
