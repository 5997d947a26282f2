/**
 * A room's snapshots in Convex: its backup, and the way back when its storage is gone.
 *
 *   room → Convex   `POST {BACKUP_PATH}?room={roomId}&number={n}`, the body is the document as one V1 update
 *                   200 `BackupReceipt`; 404 nothing has this id any more, so there is nothing to back up
 *   room → Convex   `GET {BACKUP_PATH}?room={roomId}`
 *                   200 the newest snapshot, its number in BACKUP_NUMBER_HEADER; 204 there is none;
 *                   404 nothing has this id; 500 there is one and its file is lost
 *
 * Both carry `Authorization: Bearer {ROOM_SERVICE_SECRET}` and get 401 without it, 400 for what is no room id or
 * number. The room counts its snapshots from 1, so a late one never replaces a newer one: Convex keeps the highest
 * number it has seen, and says which one that is. A room that was restored goes on counting from what it got.
 */
import { z } from "zod";

export const BACKUP_PATH = "/rooms/backup";

export const BACKUP_NUMBER_HEADER = "x-ripple-backup-number";

/** `superseded`: a snapshot with this number or a higher one was here already; `newest` is the highest. */
export const BackupReceipt = z.object({
  kind: z.enum(["stored", "superseded"]),
  newest: z.number().int().nonnegative(),
});
export type BackupReceipt = z.infer<typeof BackupReceipt>;

/** `null` for everything that is not the number of a snapshot. */
export function parseBackupNumber(text: string | null): number | null {
  const number = text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
  return number;
}
