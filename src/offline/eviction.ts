/**
 * Keeps local copies within a limit: those that were opened longest ago go first. One with edits that the room may not
 * have never goes, nor does one that is open in any tab.
 */
import { directoryOf, type CopyRecord } from "./directory";
import { copyName } from "./names";
import { wipeCopy } from "./wipe";
import { heldLocks } from "./writers";

/** Bytes of all copies of one person on one device. */
export const COPIES_MAX_BYTES = 200_000_000;

/** The rooms whose copies are to go, so that what stays takes at most `maxBytes`, if it can. */
export function copiesToEvict(
  records: CopyRecord[],
  maxBytes: number,
  isOpen: (roomId: string) => boolean,
): string[] {
  let total = records.reduce((sum, { bytes }) => sum + bytes, 0);
  const evicted: string[] = [];
  for (const { roomId, bytes, unsynced } of [...records].sort((a, b) => a.lastOpened - b.lastOpened)) {
    if (total <= maxBytes) break;
    if (isOpen(roomId) || Object.keys(unsynced).length > 0) continue;
    evicted.push(roomId);
    total -= bytes;
  }
  return evicted;
}

export async function evictCopies(userId: string): Promise<void> {
  const directory = await directoryOf(userId);
  const held = [...(await heldLocks())];
  const isOpen = (roomId: string) => held.some((lock) => lock.startsWith(`${copyName(userId, roomId)}/`));
  for (const roomId of copiesToEvict(await directory.records(), COPIES_MAX_BYTES, isOpen)) {
    await wipeCopy(directory, userId, roomId);
  }
}
