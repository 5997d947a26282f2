/**
 * Keeps local copies within a limit, and makes room when the browser gives no more: those that were opened longest ago
 * go first. One with edits that the room may not have never goes, nor does one that is open in any tab.
 */
import { copiesLimit } from "./copies-limit";
import { deleteDatabase } from "./database";
import { directoryOf, isSynced, type CopyRecord, type Directory } from "./directory";
import { copyLock, copyName } from "./names";
import { heldLocks, unlessHeld } from "./writers";

/** When no space is left, so much of what the copies take is to be free again. */
const FREED_SHARE = 0.25;

/** About how much copies take. */
export function bytesOf(records: CopyRecord[]): number {
  return records.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The rooms whose copies are to go, so that what stays takes at most `maxBytes`, if it can. */
export function copiesToEvict(
  records: CopyRecord[],
  maxBytes: number,
  isOpen: (roomId: string) => boolean,
): string[] {
  let total = bytesOf(records);
  const evicted: string[] = [];
  for (const record of [...records].sort((a, b) => a.lastOpened - b.lastOpened)) {
    if (total <= maxBytes) break;
    if (isOpen(record.roomId) || !isSynced(record)) continue;
    evicted.push(record.roomId);
    total -= record.bytes;
  }
  return evicted;
}

/** Tells which rooms are open in a tab of this profile. */
export async function openRooms(userId: string): Promise<(roomId: string) => boolean> {
  const held = [...(await heldLocks())];
  return (roomId) => held.some((lock) => lock.startsWith(`${copyName(userId, roomId)}/`));
}

/** Brings the copies within the person's limit. */
export async function evictCopies(userId: string): Promise<void> {
  const directory = await directoryOf(userId);
  await evict(userId, directory, await directory.records(), copiesLimit());
}

/** No space is left, whatever the limit is. Resolves with whether any copy could go. */
export async function makeRoom(userId: string): Promise<boolean> {
  const directory = await directoryOf(userId);
  const records = await directory.records();
  return evict(userId, directory, records, bytesOf(records) * (1 - FREED_SHARE));
}

/** Removes the copies of these rooms, apart from those that are open or were edited meanwhile. */
export async function removeCopies(userId: string, roomIds: string[]): Promise<void> {
  const directory = await directoryOf(userId);
  const records = (await directory.records()).filter(({ roomId }) => roomIds.includes(roomId));
  await evict(userId, directory, records, -1);
}

async function evict(
  userId: string,
  directory: Directory,
  records: CopyRecord[],
  maxBytes: number,
): Promise<boolean> {
  let freed = false;
  for (const roomId of copiesToEvict(records, maxBytes, await openRooms(userId))) {
    // One that was opened since is left alone, and who opens it now waits until it is gone, and finds nothing of it.
    const isGone = await unlessHeld(copyLock(userId, roomId), async () => {
      // The record goes first: content without a record is unknown, never empty.
      const isRemoved = await directory.removeIfSynced(roomId);
      if (isRemoved) await deleteDatabase(copyName(userId, roomId));
      return isRemoved;
    });
    freed ||= isGone === true;
  }
  return freed;
}
