/** Taking local copies away. Open ones, in this tab and in others, are closed by the deletion itself. */
import { deleteDatabase } from "./database";
import { directoryOf, isSynced, type CopyRecord, type Directory } from "./directory";
import { answersName, copyName, directoryName, roomOfCopy } from "./names";
import { forgetPerson } from "./remembered-person";
import { setAsideFor } from "./set-aside";
import { keepsNothing, noteTrouble } from "./troubles";

/** Takes away one room's copy. The record goes first: content without a record is unknown, never empty. */
export async function wipeCopy(directory: Directory, userId: string, roomId: string): Promise<void> {
  await directory.remove(roomId);
  await deleteDatabase(copyName(userId, roomId));
}

/** Takes away everything that this browser keeps of a person. */
export async function wipePerson(userId: string): Promise<void> {
  forgetPerson();
  // What a crash left without a record goes too, where the browser lists databases.
  const databases = "databases" in indexedDB ? await indexedDB.databases() : [];
  const listed = databases.map(({ name = "" }) => name).filter((name) => roomOfCopy(userId, name) !== null);
  const recorded = ((await recordsOf(userId)) ?? []).map(({ roomId }) => copyName(userId, roomId));
  await Promise.all([...new Set([...listed, ...recorded])].map(deleteDatabase));
  await Promise.all([directoryName(userId), answersName(userId)].map(deleteDatabase));
}

/** Whether anything of the person is only on this device: edits that the room may not have, or that it refused. */
export async function hasUnsyncedCopies(userId: string): Promise<boolean> {
  if ((await setAsideFor(userId)).length > 0) return true;
  // What cannot be read may hold some.
  return (await recordsOf(userId))?.some((record) => !isSynced(record)) ?? true;
}

/** None where this browser keeps nothing; `null` if they cannot be read. */
async function recordsOf(userId: string): Promise<CopyRecord[] | null> {
  try {
    return await (await directoryOf(userId)).records();
  } catch (error) {
    noteTrouble("The copies on this device could not be listed", error);
    return keepsNothing(error) ? [] : null;
  }
}
