/** Taking local copies away. Open ones, in this tab and in others, are closed by the deletion itself. */
import { deleteDatabase } from "./database";
import { directoryOf, type Directory } from "./directory";
import { answersName, copyName, directoryName, roomOfCopy } from "./names";
import { forgetPerson } from "./remembered-person";
import { setAsideFor } from "./set-aside";

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
  const recorded = (await recordsOf(userId)).map(({ roomId }) => copyName(userId, roomId));
  await Promise.all([...new Set([...listed, ...recorded])].map(deleteDatabase));
  await Promise.all([directoryName(userId), answersName(userId)].map(deleteDatabase));
}

/** Whether anything of the person is only on this device: edits that the room may not have, or that it refused. */
export async function hasUnsyncedCopies(userId: string): Promise<boolean> {
  if ((await setAsideFor(userId)).length > 0) return true;
  return (await recordsOf(userId)).some(({ unsynced }) => Object.keys(unsynced).length > 0);
}

async function recordsOf(userId: string) {
  try {
    return await (await directoryOf(userId)).records();
  } catch {
    // This browser keeps nothing, so there is nothing to ask about or to take away.
    return [];
  }
}
