/**
 * Room ids: `{kind}-{resourceId}`, one room per document or diagram.
 *
 * Every runtime builds and parses ids with these two functions, so that what the page opens, what the
 * token names and what the Durable Object is called are the same string, byte for byte.
 */

/** What a room of the `main` party may hold. A new kind is one entry here and one access rule in `convex/`. */
export const RESOURCE_KINDS = ["doc", "diagram"] as const;

export type ResourceKind = (typeof RESOURCE_KINDS)[number];

export interface RoomRef {
  kind: ResourceKind;
  /** The Convex id of the document or diagram. */
  resourceId: string;
}

/** Convex ids are lower-case base 32. The bound keeps a forged id from becoming a long storage key. */
const RESOURCE_ID = /^[a-z0-9]{1,64}$/;

export function roomIdFor(kind: ResourceKind, resourceId: string): string {
  return `${kind}-${resourceId}`;
}

/** Returns `null` for everything that `roomIdFor` could not have built from a real resource. */
export function parseRoomId(roomId: string): RoomRef | null {
  const dash = roomId.indexOf("-");
  if (dash < 0) return null;
  const kind = RESOURCE_KINDS.find((known) => known === roomId.slice(0, dash));
  const resourceId = roomId.slice(dash + 1);
  return kind !== undefined && RESOURCE_ID.test(resourceId) ? { kind, resourceId } : null;
}
