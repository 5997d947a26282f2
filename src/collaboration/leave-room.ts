import { giveUpCopy, type GivenUp } from "../offline/give-up-copy";
import { roomKey, rooms } from "./rooms";

/** Ends the person's edits in a room for good: sets them aside, and takes the copy and the session with them away. */
export async function leaveRoom(given: Omit<GivenUp, "open">): Promise<void> {
  const key = roomKey(given.userId, given.kind, given.resourceId);
  const session = rooms.peek(key);
  const open = session === null ? null : { doc: session.doc, hasUnsaved: session.unsaved() !== "none" };
  await giveUpCopy({ ...given, open });
  // Not one that was opened meanwhile, after access was given back.
  if (session !== null && rooms.peek(key) === session) rooms.renew(key);
}
