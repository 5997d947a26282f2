/**
 * What light clients say and understand: the frames of the Yjs protocol, as all the measured systems use them.
 *
 *   0 sync        0 step 1 (state vector), 1 step 2 (update), 2 update
 *   1 awareness   count, then per client `varUint id, varUint clock, varString JSON`
 *
 * Hocuspocus puts the document's name before each frame, opens with an auth message (2) and has a reply form of
 * sync (4), which is read as sync. A state begins with its number, `{"n":12,…`, so that a light client can tell
 * which move it has got without parsing the JSON; all servers keep the order of a state's keys.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { readRoomMessage, RIPPLE_MESSAGE } from "../../protocol/messages";

const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;
const SYNC_REPLY = 4;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;
const AUTH_TOKEN = 0;
const AUTHENTICATED = 2;

/** Client ids of the benchmark's clients: this plus the client's number. */
export const FIRST_CLIENT_ID = 1_000_000;

export type Heard =
  | { kind: "authenticated" | "step1" | "other" }
  | { kind: "saved"; barrier: number }
  | { kind: "content"; isStep2: boolean; update: Uint8Array }
  | { kind: "awareness"; body: Uint8Array };

/** `documentName` for Hocuspocus, `null` for the others. */
export function readFrame(bytes: Uint8Array, documentName: string | null): Heard {
  const decoder = decoding.createDecoder(bytes);
  if (documentName !== null) decoding.readVarUint8Array(decoder);
  switch (decoding.readVarUint(decoder)) {
    case SYNC:
    case SYNC_REPLY: {
      const step = decoding.readVarUint(decoder);
      if (step === STEP_1) return { kind: "step1" };
      return { kind: "content", isStep2: step === STEP_2, update: decoding.readVarUint8Array(decoder) };
    }
    case AWARENESS:
      return { kind: "awareness", body: decoding.readVarUint8Array(decoder) };
    case AUTH:
      return { kind: decoding.readVarUint(decoder) === AUTHENTICATED ? "authenticated" : "other" };
    case RIPPLE_MESSAGE: {
      const message = readRoomMessage(decoder);
      return message?.kind === "saved" ? message : { kind: "other" };
    }
    default:
      return { kind: "other" };
  }
}

export function step1Frame(documentName: string | null): Uint8Array {
  return frame(documentName, SYNC, (encoder) => {
    encoding.writeVarUint(encoder, STEP_1);
    encoding.writeVarUint8Array(encoder, Y.encodeStateVector(new Map()));
  });
}

export function step2Frame(documentName: string | null, doc: Y.Doc): Uint8Array {
  return frame(documentName, SYNC, (encoder) => {
    encoding.writeVarUint(encoder, STEP_2);
    encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(doc));
  });
}

export function updateFrame(documentName: string | null, update: Uint8Array): Uint8Array {
  return frame(documentName, SYNC, (encoder) => {
    encoding.writeVarUint(encoder, UPDATE);
    encoding.writeVarUint8Array(encoder, update);
  });
}

export function authFrame(documentName: string, version: string): Uint8Array {
  return frame(documentName, AUTH, (encoder) => {
    encoding.writeVarUint(encoder, AUTH_TOKEN);
    encoding.writeVarString(encoder, "");
    encoding.writeVarString(encoder, version);
  });
}

export function awarenessFrame(
  documentName: string | null,
  clientId: number,
  clock: number,
  json: string,
): Uint8Array {
  return frame(documentName, AWARENESS, (encoder) => {
    const body = encoding.createEncoder();
    encoding.writeVarUint(body, 1);
    encoding.writeVarUint(body, clientId);
    encoding.writeVarUint(body, clock);
    encoding.writeVarString(body, json);
    encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body));
  });
}

/** What a cursor's state looks like, about as long as a real one. */
export function moveState(number: number, client: number): { n: number; cursor: object; user: object } {
  return {
    n: number,
    cursor: { x: (number * 7) % 1_600, y: (number * 5) % 900 },
    user: { userId: `editor${client}`, name: `Name of editor${client}`, color: "#1971c2" },
  };
}

/** Calls back with each client's number of its latest move. */
export function scanAwareness(body: Uint8Array, onMove: (client: number, number: number) => void): void {
  const decoder = decoding.createDecoder(body);
  for (let left = decoding.readVarUint(decoder); left > 0; left--) {
    const clientId = decoding.readVarUint(decoder);
    decoding.readVarUint(decoder);
    const length = decoding.readVarUint(decoder);
    const number = readNumber(body, decoder.pos);
    decoder.pos += length;
    if (number > 0) onMove(clientId - FIRST_CLIENT_ID, number);
  }
}

/** Calls back with each client's number of its latest edit: an edit is one letter, so Yjs counts along. */
export function scanUpdate(update: Uint8Array, onEdit: (client: number, number: number) => void): void {
  for (const [clientId, clock] of Y.parseUpdateMeta(update).to) onEdit(clientId - FIRST_CLIENT_ID, clock);
}

const PREFIX = new TextEncoder().encode('{"n":');
const [ZERO, NINE] = [48, 57];

function readNumber(bytes: Uint8Array, at: number): number {
  if (!PREFIX.every((byte, i) => bytes[at + i] === byte)) return 0;
  let number = 0;
  for (let i = at + PREFIX.length; ; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < ZERO || byte > NINE) return number;
    number = number * 10 + byte - ZERO;
  }
}

function frame(
  documentName: string | null,
  type: number,
  write: (encoder: encoding.Encoder) => void,
): Uint8Array {
  const encoder = encoding.createEncoder();
  if (documentName !== null) encoding.writeVarString(encoder, documentName);
  encoding.writeVarUint(encoder, type);
  write(encoder);
  return encoding.toUint8Array(encoder);
}
