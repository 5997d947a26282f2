/**
 * A room's snapshots in Convex: its backup, and the way back when its storage is gone.
 *
 *   room → Convex   `POST {BACKUP_PATH}?room={roomId}&number={n}`, the body is the document as one V1 update
 *                   200 `BackupReceipt`; 404 nothing has this id any more, so there is nothing to back up
 *   room → Convex   `GET {BACKUP_PATH}?room={roomId}`
 *                   200 the newest snapshot, its number in BACKUP_NUMBER_HEADER; 204 there is none;
 *                   404 nothing has this id; 500 there is one and its file is lost
 *
 * The room counts its snapshots from 1, so a late one never replaces a newer one: Convex keeps the highest number it
 * has seen, and says which one that is. A room that was restored goes on counting from what it got.
 *
 * Operators come to see whether that works (`npm run backup:verify`), and to use it (`npm run backup:restore`):
 *
 *   operator → Convex  `GET {ROOMS_PATH}?kind={kind}&cursor={cursor}`, the ids of all rooms, a `RoomPage` at a time
 *   operator → room    `GET /parties/main/{roomId}/{CONTENT_DOOR}`
 *                      200 what somebody who enters now gets, as one V1 update; 410 it is deleted; 503 not to be had
 *   operator → room    `POST /parties/main/{roomId}/{RESTORE_DOOR}`: throws away what the room has stored, and takes
 *                      the newest snapshot in its place
 *                      200 `Restoration`; 409 there is no snapshot; 410 it is deleted; 503 not now, nothing was done
 *   operator → drill   `POST /parties/{DRILL_PARTY}/{drillId}`, the body is a snapshot: restores it into a room that
 *                      exists for this one request and that nobody can enter
 *                      200 the document as it then is on that room's disk; 422 it cannot be restored
 *
 * All carry `Authorization: Bearer {ROOM_SERVICE_SECRET}` and get 401 without it, 400 for what is no id or number.
 */
import * as z from "zod/mini";

export const BACKUP_PATH = "/rooms/backup";

export const BACKUP_NUMBER_HEADER = "x-ripple-backup-number";

/** `superseded`: a snapshot with this number or a higher one was here already; `newest` is the highest. */
export const BackupReceipt = z.object({
  kind: z.enum(["stored", "superseded"]),
  newest: z.int().check(z.nonnegative()),
});
export type BackupReceipt = z.infer<typeof BackupReceipt>;

export const ROOMS_PATH = "/rooms";

/** `cursor` is for the next page; `null` after the last one. */
export const RoomPage = z.object({ roomIds: z.array(z.string()), cursor: z.nullable(z.string()) });
export type RoomPage = z.infer<typeof RoomPage>;

export const CONTENT_DOOR = "content";
export const RESTORE_DOOR = "restore";

/** The number of the snapshot that the room has now. */
export const Restoration = z.object({ number: z.int().check(z.positive()) });
export type Restoration = z.infer<typeof Restoration>;

export const DRILL_PARTY = "drill";

/** A random UUID: a drill must never meet another one's room. */
export function isDrillId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
}

/** `null` for everything that is not the number of a snapshot. */
export function parseBackupNumber(text: string | null): number | null {
  const number = text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
  return number;
}
