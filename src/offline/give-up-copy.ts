/**
 * When a room takes the person's edits no more (the role is gone, or the access, or the room itself), their copy of it
 * must go, and what they wrote and nobody else has must not: it is set aside first.
 */
import { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";
import { roomIdFor, type ResourceKind } from "../../protocol/rooms";
import { changedContent, type Edits } from "./changed-content";
import { directoryOf, type SetAside } from "./directory";
import { copyName } from "./names";
import { keepSetAside, storeFromTab } from "./set-aside";
import { noteTrouble } from "./troubles";
import { whenRead } from "./when-read";
import { wipeCopy } from "./wipe";

export interface GivenUp {
  userId: string;
  kind: ResourceKind;
  resourceId: string;
  reason: SetAside["reason"];
  /** As far as the caller knows it. */
  title?: string | undefined;
  /** The session that has the room open in this tab, if one has. */
  open: { doc: Y.Doc; hasUnsaved: boolean } | null;
}

/** Rejects when the copy cannot be read: it stays then, with all that is in it, and so does the session. */
export async function giveUpCopy({ userId, kind, resourceId, reason, title, open }: GivenUp): Promise<void> {
  const roomId = roomIdFor(kind, resourceId);
  const place = await find(userId, roomId);
  const record = place?.record;
  const fromTab: Edits = open?.hasUnsaved === true ? { [String(open.doc.clientID)]: 0 } : {};
  const edits = { ...fromTab, ...record?.unsynced };
  let isStored = true;
  if (Object.keys(edits).length > 0) {
    // Without a record there is no copy on this device, and the tab has all there is. With one, the tab may not have read
    // yet what earlier visits left.
    const doc = record === undefined ? new Y.Doc() : await load(copyName(userId, roomId));
    if (open !== null) Y.applyUpdate(doc, Y.encodeStateAsUpdate(open.doc));
    isStored = await keepSetAside(userId, {
      id: [roomId, ...Object.keys(edits).sort()].join(" "),
      kind,
      title: title ?? record?.title ?? "",
      reason,
      at: Date.now(),
      content: changedContent(doc, kind, edits),
    });
    doc.destroy();
  }
  if (place === null || record === undefined) return;
  await wipeCopy(place.directory, userId, roomId);
  // Now there is room for it.
  if (!isStored) await storeFromTab(userId);
}

/** `null` where nothing can be read: a copy stays as it is then, and the next who is told no takes it away. */
async function find(userId: string, roomId: string) {
  try {
    const directory = await directoryOf(userId);
    return { directory, record: await directory.record(roomId) };
  } catch (error) {
    noteTrouble("The copy of a room that is left could not be looked up", error);
    return null;
  }
}

async function load(name: string): Promise<Y.Doc> {
  const doc = new Y.Doc();
  const persistence = new IndexeddbPersistence(name, doc);
  try {
    await whenRead(persistence, await persistence._db);
    return doc;
  } finally {
    await persistence.destroy();
  }
}
