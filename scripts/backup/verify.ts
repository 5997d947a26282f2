/**
 * Whether a room would come back from its backup: the backup is restored into a fresh room, and what is in it then is
 * compared with the backup, and the backup with the live room as of then. People may write meanwhile.
 */
import * as Y from "yjs";
import { Fault, reasonOf } from "../smoke/fault";
import { compare, isSame, type Difference } from "./compare";
import type { Doors } from "./doors";

/** The rooms try again after ten minutes at the latest. What waits for longer has failed more than once. */
const PENDING_MAX_MS = 15 * 60_000;

export type Verdict =
  | { kind: "verified"; number: number; bytes: number }
  /** Nobody has written anything there yet. */
  | { kind: "empty" }
  /** What was written is on its way to its first backup. */
  | { kind: "waiting" }
  /** It was deleted while the rooms were checked. */
  | { kind: "deleted" };

/** Throws a `Fault` that says what is wrong. */
export async function verifyRoom(doors: Doors, roomId: string, now: () => number): Promise<Verdict> {
  // In this order: what the backup has, the live room had before.
  const backup = await doors.backup(roomId);
  if (backup.kind === "missing") return { kind: "deleted" };
  const snapshot = backup.kind === "found" ? decode(backup.update, "its backup is corrupt") : new Y.Doc();
  if (backup.kind === "found") {
    const restored = decode(await doors.drill(backup.update.slice()), "a room restored from it is corrupt");
    requireSame(compare(snapshot, restored), "a room restored from its backup lacks part of it");
    requireSame(compare(restored, snapshot), "a room restored from its backup has more than that");
  }

  const content = await doors.content(roomId);
  if (content.kind === "deleted") {
    if ((await doors.backup(roomId)).kind === "missing") return { kind: "deleted" };
    throw new Fault("the room is deleted, but Convex lists it");
  }
  const live = decode(content.update, "what the room gives out is corrupt");
  requireSame(compare(snapshot, live), "the live room lacks part of what its backup has");

  const state = await doors.backupState(roomId);
  if (state?.pending === true) {
    const since = state.pendingSince ?? now();
    if (now() - since > PENDING_MAX_MS) {
      const minutes = Math.round((now() - since) / 60_000);
      throw new Fault(
        `its edits have waited for a backup for ${minutes} minutes: ${state.failure ?? "no reason"}`,
      );
    }
    if (backup.kind === "none") return { kind: "waiting" };
  } else if (backup.kind === "none") {
    if (live.store.clients.size > 0)
      throw new Fault("its backup is missing: it has content, and Convex has none of it");
    return { kind: "empty" };
  } else if (state?.number === backup.number) {
    requireSame(
      compare(live, snapshot),
      "the room takes its backup for complete, and the backup lacks part of it",
    );
  }
  return { kind: "verified", number: backup.number, bytes: backup.update.byteLength };
}

/** Throws on what is no update, or only half of one. */
function decode(update: Uint8Array, otherwise: string): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  try {
    Y.applyUpdate(doc, update);
  } catch (error) {
    throw new Fault(`${otherwise}: ${reasonOf(error)}`);
  }
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
    throw new Fault(`${otherwise}: parts of it refer to others that are not there`);
  }
  return doc;
}

function requireSame(difference: Difference, otherwise: string): void {
  if (isSame(difference)) return;
  const { lost, undeleted, altered } = difference;
  throw new Fault(
    `${otherwise} (pieces: ${lost} lost, ${undeleted} deleted ones are back, ${altered} altered)`,
  );
}
