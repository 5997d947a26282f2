/**
 * What an operator sees of a room: `GET /parties/main/{roomId}` with `Authorization: Bearer {ROOM_SERVICE_SECRET}`,
 * and the same in the log once a minute while somebody is there. Figures, and never a name, a token or a word of
 * the content. Counts begin when the room's object starts; times are in milliseconds since 1970.
 */
import type { Role } from "./roles";

export interface JournalFigures {
  /** Updates and bytes in the stored log since the last compaction. */
  logUpdates: number;
  logBytes: number;
  /** Bytes of the stored document with its log. */
  storedBytes: number;
  writes: number;
  failedWrites: number;
  compactions: number;
  /** `null` before the first write. */
  lastDurableAt: number | null;
}

export interface DocumentFigures extends JournalFigures {
  /** Bytes of the document at most: stored, and on the way there. */
  bytes: number;
  /** Changes that were applied, each what arrived in one tick, and how many of them are not on the disk yet. */
  updates: number;
  unsaved: number;
  /** The last write failed, and is being repeated. */
  failing: boolean;
}

export interface BackupFigures {
  /** Of the last snapshot that was sent to Convex. */
  number: number;
  /** Convex has not accepted what the room has. */
  pending: boolean;
  /** Since when; `null` while nothing is pending. */
  pendingSince: number | null;
  /** Why the last attempt failed; `null` if it did not. */
  failure: string | null;
  lastAcceptedAt: number | null;
}

export interface RoomFigures {
  connections: number;
  roles: Partial<Record<Role, number>>;
  framesIn: number;
  bytesIn: number;
  framesOut: number;
  bytesOut: number;
  /** Connections that the room has closed, by close code. */
  closes: Record<number, number>;
  /** `null` while nobody is there. */
  document: DocumentFigures | null;
  backup: BackupFigures | null;
}
