/**
 * Ripple's own messages on a room's WebSocket, beside the Yjs protocol's sync (0), awareness (1), auth (2) and
 * query-awareness (3). A frame is `varUint RIPPLE_MESSAGE, varUint kind, fields`; `YPartyKitProvider` takes them
 * through `provider.messageHandlers[RIPPLE_MESSAGE]`, whose decoder stands right behind the message type.
 *
 *   page → room   barrier   `varUint n`. "Tell me when everything that I sent before this is on disk."
 *   room → page   saved     `varUint n`. It is. Answers every barrier up to and including `n`.
 *   room → page   notSaved  `varUint reason`. The barriers after the last `saved` are not answered yet, because:
 *                             storage     the disk refuses; the room keeps the edits and keeps trying
 *                             unresolved  edits of this connection wait for others that never reached the room
 *                             readOnly    an edit of this connection was dropped: it may not write. No later
 *                                         barrier of this connection is answered
 *   room → page   large     `varUint bytes, varUint limit`. The document nears the size at which edits are refused.
 *
 * A page counts its barriers from 1 on every new socket, sends the first one after its sync step 2, and one after
 * each group of edits. `saved` is the only proof that an edit is durable: a state vector does not move with
 * deletions. Both directions are ordered, and barriers are answered in order.
 *
 * The room sends these messages only to a connection that has sent a barrier, so a client that does not know them
 * never sees one. A malformed message is `CLOSE.malformedFrame` in the room; the page ignores an unknown kind, so
 * that a newer room can say more.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

/** The message type, in the place where the Yjs protocol has `sync` or `awareness`. */
export const RIPPLE_MESSAGE = 100;

const BARRIER = 0;
const SAVED = 1;
const NOT_SAVED = 2;
const LARGE = 3;

/** In the order of their numbers on the wire. */
export const NOT_SAVED_REASONS = ["storage", "unresolved", "readOnly"] as const;
export type NotSavedReason = (typeof NOT_SAVED_REASONS)[number];

export type ClientMessage = { kind: "barrier"; barrier: number };

export type RoomMessage =
  | { kind: "saved"; barrier: number }
  | { kind: "notSaved"; reason: NotSavedReason }
  | { kind: "large"; bytes: number; limit: number };

/** A whole frame, ready for the page's `socket.send`. */
export function encodeClientMessage(message: ClientMessage): Uint8Array<ArrayBuffer> {
  return frame(BARRIER, message.barrier);
}

/** A whole frame, ready for the room's `socket.send`. */
export function encodeRoomMessage(message: RoomMessage): Uint8Array<ArrayBuffer> {
  switch (message.kind) {
    case "saved":
      return frame(SAVED, message.barrier);
    case "notSaved":
      return frame(NOT_SAVED, NOT_SAVED_REASONS.indexOf(message.reason));
    case "large":
      return frame(LARGE, message.bytes, message.limit);
  }
}

/** Reads what follows the message type. `null`: not a message that a page may send. Throws on a truncated one. */
export function readClientMessage(decoder: decoding.Decoder): ClientMessage | null {
  if (decoding.readVarUint(decoder) !== BARRIER) return null;
  return { kind: "barrier", barrier: decoding.readVarUint(decoder) };
}

/** Reads what follows the message type. `null`: a kind that this page does not know. Throws on a truncated one. */
export function readRoomMessage(decoder: decoding.Decoder): RoomMessage | null {
  switch (decoding.readVarUint(decoder)) {
    case SAVED:
      return { kind: "saved", barrier: decoding.readVarUint(decoder) };
    case NOT_SAVED: {
      const reason = NOT_SAVED_REASONS[decoding.readVarUint(decoder)];
      return reason === undefined ? null : { kind: "notSaved", reason };
    }
    case LARGE:
      return { kind: "large", bytes: decoding.readVarUint(decoder), limit: decoding.readVarUint(decoder) };
    default:
      return null;
  }
}

function frame(kind: number, ...fields: number[]): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, RIPPLE_MESSAGE);
  encoding.writeVarUint(encoder, kind);
  for (const field of fields) encoding.writeVarUint(encoder, field);
  return encoding.toUint8Array(encoder);
}
