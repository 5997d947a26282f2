/** How long a room waits for what. */
import { BACKUP_TIMING, type BackupTiming } from "./backup";

export interface RoomTiming {
  backup: BackupTiming;
  housekeepingMs: number;
  /** A client that hears nothing for 30 s takes its connection for dead. */
  keepAliveMs: number;
  /**
   * How long a client may be silent before it is asked something, and how long it then may take. A socket can be
   * dead without an event: of a client whose frame was too large for the platform, the room hears nothing more.
   */
  silenceMs: number;
  answerMs: number;
  /** How often a room says in the log how it is. */
  logMs: number;
}

export const ROOM_TIMING: RoomTiming = {
  backup: BACKUP_TIMING,
  housekeepingMs: 5_000,
  keepAliveMs: 20_000,
  silenceMs: 120_000,
  answerMs: 60_000,
  logMs: 60_000,
};
