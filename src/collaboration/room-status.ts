import { canWrite, type Role } from "../../protocol/roles";
import type { EndReason, PolicyState, RoomExcuse } from "./connection-policy";
import type { Saved } from "./save-state";
import type { LargeDocument } from "./save-watch";

/** How things stand between this page and the room. `live` means connected and in step. */
export type Connection = "connecting" | "live" | "reconnecting" | EndReason;

/** `no-answer`: several attempts have failed in a row, and nobody said why. */
export type Trouble = RoomExcuse | "no-answer";

/** One failure, or two, is what a restarted server or a changed network takes. */
const FAILURES_WORTH_A_WORD = 3;

export interface RoomStatus {
  connection: Connection;
  /** The content is here, from this device or from the room: from here on empty means empty. */
  contentKnown: boolean;
  /** Everything that was edited here is on this device's disk. */
  kept: boolean;
  /**
   * The role that the connection at hand was opened with, or that the next one will be; `null` while a new one
   * has to show what the room takes.
   */
  admittedAs: Role | null;
  /** Why there is no connection, as far as it is known and worth saying. */
  trouble: Trouble | null;
  saved: Saved;
  large: LargeDocument | null;
}

/** Where a session starts. */
export const UNCONNECTED: RoomStatus = {
  connection: "connecting",
  contentKnown: false,
  kept: false,
  admittedAs: null,
  trouble: null,
  saved: { kind: "unknown" },
  large: null,
};

/** `synced` speaks of the connection at hand, `everLive` of any so far. */
export function connectionOf(policy: PolicyState, synced: boolean, everLive: boolean): Connection {
  if (policy.kind === "ended") return policy.reason;
  if (policy.kind === "open" && synced && !policy.renewing) return "live";
  return everLive ? "reconnecting" : "connecting";
}

export function troubleOf({ excuse, failures }: PolicyState): Trouble | null {
  return excuse ?? (failures >= FAILURES_WORTH_A_WORD ? "no-answer" : null);
}

export function isSameStatus(a: RoomStatus, b: RoomStatus): boolean {
  return (
    a.connection === b.connection &&
    a.contentKnown === b.contentKnown &&
    a.kept === b.kept &&
    a.admittedAs === b.admittedAs &&
    a.trouble === b.trouble &&
    a.saved.kind === b.saved.kind &&
    reasonOf(a.saved) === reasonOf(b.saved) &&
    a.large?.bytes === b.large?.bytes
  );
}

function reasonOf(saved: Saved): string | null {
  return saved.kind === "not-saved" ? saved.reason : null;
}

/** Whether an edit made now will still reach the room by itself. */
export function takesEdits(connection: Connection): boolean {
  return connection === "live" || connection === "reconnecting" || connection === "connecting";
}

/**
 * Whether the person may write, by the role that Convex gives them now and by the one that the room admitted them
 * with: between a promotion and the next connection the room would drop what they type.
 */
export function mayWrite(role: Role, { admittedAs }: RoomStatus): boolean {
  return canWrite(role) && admittedAs !== null && canWrite(admittedAs);
}

/** `pending` edits go out with the next connection; `stranded` ones belong to a session that has ended. */
export type UnsavedEdits = "none" | "pending" | "stranded";

export function unsavedOf({ saved, connection }: RoomStatus): UnsavedEdits {
  if (saved.kind === "unknown" || saved.kind === "saved") return "none";
  return takesEdits(connection) ? "pending" : "stranded";
}

/** Whether unsaved edits are nowhere but in this tab. */
export function isAtRisk(status: RoomStatus): boolean {
  return unsavedOf(status) !== "none" && !status.kept;
}

/** Whether the room has said that it drops what this connection writes. */
export function isDropped(saved: Saved): boolean {
  return reasonOf(saved) === "readOnly";
}
