/**
 * What Ripple keeps in a browser's IndexedDB, all of it by person:
 *
 *   ripple/{userId}            the directory: which rooms have a copy here, and edits that were set aside
 *   ripple/{userId}/{roomId}   one room's content, as y-indexeddb stores it
 *   ripple-lists/{userId}      what the workspace's lists said last
 *
 * Convex ids and room ids have no slash in them.
 */
const ROOT = "ripple";

export function directoryName(userId: string): string {
  return `${ROOT}/${userId}`;
}

export function copyName(userId: string, roomId: string): string {
  return `${ROOT}/${userId}/${roomId}`;
}

export function answersName(userId: string): string {
  return `${ROOT}-lists/${userId}`;
}

/** The room of a database that `copyName` has named for this person; `null` for every other database. */
export function roomOfCopy(userId: string, databaseName: string): string | null {
  const prefix = `${ROOT}/${userId}/`;
  return databaseName.startsWith(prefix) ? databaseName.slice(prefix.length) : null;
}

/** The Web Lock that a writer of a copy holds while its tab is alive. `writer` is the client id of its Y.Doc. */
export function writerLock(userId: string, roomId: string, writer: string): string {
  return `${ROOT}/${userId}/${roomId}/writer/${writer}`;
}

/** The Web Lock that everybody shares who has a copy open, and that nobody else holds while it is evicted. */
export function copyLock(userId: string, roomId: string): string {
  return `${ROOT}/${userId}/${roomId}/copy`;
}

/** The BroadcastChannel over which tabs of one person share a room. */
export function tabChannel(userId: string, roomId: string): string {
  return `${ROOT}/${userId}/${roomId}/tabs`;
}
