import type { ConvexReactClient } from "convex/react";
import { api } from "../../convex/_generated/api";
import { colorForUser } from "../../protocol/colors";
import { TITLE_MAX_CHARS } from "../../protocol/limits";
import { enterRoom } from "../collaboration/enter-room";
import { roomKey, rooms } from "../collaboration/rooms";
import { untilStatus } from "../collaboration/until-status";
import { addContent } from "./changed-content";
import type { SetAside } from "./directory";

const SUFFIX = " (my changes)";

/**
 * Makes a new document or diagram of set-aside edits in the personal workspace. Resolves with its id once the room has
 * them on its disk; rejects as Convex calls do, and when the room takes no more.
 */
export async function exportSetAside(convex: ConvexReactClient, edits: SetAside): Promise<string> {
  const me = await convex.query(api.users.me, {});
  if (me === null) throw new Error("nobody is signed in");
  const title = edits.title.slice(0, TITLE_MAX_CHARS - SUFFIX.length) + SUFFIX;
  const resourceId =
    edits.kind === "doc"
      ? await convex.mutation(api.documents.create, { title })
      : await convex.mutation(api.diagrams.create, { title });
  const person = { userId: me.userId, name: me.name, color: colorForUser(me.userId) };
  const key = roomKey(me.userId, edits.kind, resourceId);
  const release = rooms.hold(key, () => enterRoom(convex, edits.kind, resourceId, person));
  try {
    const session = rooms.peek(key);
    if (session === null) throw new Error("the room was held, but is not there");
    session.setRole("owner");
    session.setTitle(title);
    await untilStatus(session, ({ connection }) => connection === "live");
    addContent(session.doc, edits.kind, edits.content);
    await untilStatus(session, ({ saved }) => saved.kind === "saved");
  } finally {
    release();
  }
  return resourceId;
}
