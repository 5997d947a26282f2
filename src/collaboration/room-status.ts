import type { EndReason, PolicyState } from "./connection-policy";
import type { Saved } from "./save-state";
import type { LargeDocument } from "./save-watch";

/** How things stand between this page and the room. `live` means connected and in step. */
export type Connection = "connecting" | "live" | "reconnecting" | EndReason;

export interface RoomStatus {
  connection: Connection;
  /** The document has been received once: from here on empty means empty. */
  contentKnown: boolean;
  saved: Saved;
  large: LargeDocument | null;
}

/** Where a session starts. */
export const UNCONNECTED: RoomStatus = {
  connection: "connecting",
  contentKnown: false,
  saved: { kind: "unknown" },
  large: null,
};

/** `synced` speaks of the connection at hand, `contentKnown` of any so far. */
export function connectionOf(policy: PolicyState, synced: boolean, contentKnown: boolean): Connection {
  if (policy.kind === "ended") return policy.reason;
  if (policy.kind === "open" && synced) return "live";
  return contentKnown ? "reconnecting" : "connecting";
}

export function isSameStatus(a: RoomStatus, b: RoomStatus): boolean {
  return (
    a.connection === b.connection &&
    a.contentKnown === b.contentKnown &&
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
