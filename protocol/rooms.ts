/**
 * Room ids: `{kind}-{resourceId}`, one room of the `main` party per document or diagram; and `workspace-{id}`, one
 * room of the `presence` party per workspace. Neither party takes the other's.
 *
 * Every runtime builds and parses ids with these two functions, so that what the page opens, what the
 * token names and what the Durable Object is called are the same string, byte for byte.
 */

/** What a room of the `main` party may hold. A new kind is one entry here and one access rule in `convex/`. */
export const RESOURCE_KINDS = ["doc", "diagram"] as const;

export type ResourceKind = (typeof RESOURCE_KINDS)[number];

const WORKSPACE_KIND = "workspace";

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
  const parts = split(roomId);
  const kind = RESOURCE_KINDS.find((known) => known === parts?.kind);
  return kind !== undefined && parts !== null ? { kind, resourceId: parts.id } : null;
}

/** The room of the `presence` party for one workspace. */
export function workspaceRoomIdFor(workspaceId: string): string {
  return `${WORKSPACE_KIND}-${workspaceId}`;
}

/** The id of the workspace, or `null` for everything that `workspaceRoomIdFor` could not have built. */
export function parseWorkspaceRoomId(roomId: string): string | null {
  const parts = split(roomId);
  return parts?.kind === WORKSPACE_KIND ? parts.id : null;
}

function split(roomId: string): { kind: string; id: string } | null {
  const dash = roomId.indexOf("-");
  const id = roomId.slice(dash + 1);
  return dash >= 0 && RESOURCE_ID.test(id) ? { kind: roomId.slice(0, dash), id } : null;
}

/** Where PartyKit serves the rooms; the room's id follows. */
export const PARTY_PATH = "/parties/main";
