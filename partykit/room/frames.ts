/**
 * What a client may say, parsed. A message is `varUint type, body`:
 *
 *   0 sync        0 step 1 (state vector), 1 step 2 (update), 2 update
 *   1 awareness   byte array: count, then per client `varUint id, varUint clock, varString JSON or "null"`
 *   100           Ripple's own, see protocol/messages.ts
 *
 * Everything else, and everything with a byte too many or too few, is malformed: no client that follows the
 * protocol sends it (`auth` goes from server to client only, `query-awareness` between tabs only). An update is
 * decoded completely before the document sees it, because Yjs applies a broken one up to the point where it breaks.
 */
import * as decoding from "lib0/decoding";
import * as Y from "yjs";
import { AWARENESS_MAX_BYTES, AWARENESS_MAX_STATES } from "../../protocol/limits";
import { readClientMessage, RIPPLE_MESSAGE, type ClientMessage } from "../../protocol/messages";

export const MESSAGE_SYNC = 0;
export const MESSAGE_AWARENESS = 1;
export const SYNC_STEP_1 = 0;
export const SYNC_STEP_2 = 1;
export const SYNC_UPDATE = 2;

/** Far more than a clock can reach by counting, far less than where doubles stop counting. */
const CLOCK_MAX = 2 ** 48;

export type DecodedUpdate = ReturnType<typeof Y.decodeUpdate>;

export interface AwarenessEntry {
  clientId: number;
  clock: number;
  /** JSON of the state; `null` when the client has left. Not parsed yet: most entries are dropped unread. */
  json: string | null;
}

/** A deleted range costs as much less than an item; a client says all of the document's at each sync. */
const RANGES_PER_ITEM = 8;

export type Frame =
  | { kind: "syncStep1" }
  | { kind: "update"; step: "step2" | "update"; update: Uint8Array; decoded: DecodedUpdate }
  | { kind: "awareness"; entries: AwarenessEntry[] }
  | { kind: "ripple"; message: ClientMessage }
  | { kind: "malformed" }
  | { kind: "awarenessTooLarge" };

const MALFORMED: Frame = { kind: "malformed" };

export function parseFrame(bytes: Uint8Array): Frame {
  try {
    const decoder = decoding.createDecoder(bytes);
    const frame = readFrame(decoder);
    return decoding.hasContent(decoder) ? MALFORMED : frame;
  } catch {
    // lib0 and Yjs throw errors of many classes on bytes that make no sense; all mean the same.
    return MALFORMED;
  }
}

function readFrame(decoder: decoding.Decoder): Frame {
  switch (decoding.readVarUint(decoder)) {
    case MESSAGE_SYNC:
      return readSync(decoder);
    case MESSAGE_AWARENESS:
      return readAwareness(decoding.readVarUint8Array(decoder));
    case RIPPLE_MESSAGE: {
      const message = readClientMessage(decoder);
      return message === null ? MALFORMED : { kind: "ripple", message };
    }
    default:
      return MALFORMED;
  }
}

function readSync(decoder: decoding.Decoder): Frame {
  const type = decoding.readVarUint(decoder);
  const body = decoding.readVarUint8Array(decoder);
  switch (type) {
    case SYNC_STEP_1:
      Y.decodeStateVector(body);
      return { kind: "syncStep1" };
    case SYNC_STEP_2:
    case SYNC_UPDATE: {
      const decoded = Y.decodeUpdate(body);
      if (namesAClientTwice(decoded)) return MALFORMED;
      if (!decoded.structs.every((struct) => struct.id.clock + struct.length <= CLOCK_MAX)) return MALFORMED;
      return { kind: "update", step: type === SYNC_STEP_2 ? "step2" : "update", update: body, decoded };
    }
    default:
      return MALFORMED;
  }
}

/** What an update costs, in items. */
export function weightOf({ structs, ds }: DecodedUpdate): number {
  const ranges = [...ds.clients.values()].reduce((sum, ofClient) => sum + ofClient.length, 0);
  return structs.length + Math.ceil(ranges / RANGES_PER_ITEM);
}

/** No encoder writes that, and of the two Yjs applies one and this file would check another. */
function namesAClientTwice({ structs }: DecodedUpdate): boolean {
  const clients = new Set<number>();
  let current: number | null = null;
  return structs.some(({ id: { client } }) => {
    if (client === current) return false;
    current = client;
    return clients.size === clients.add(client).size;
  });
}

function readAwareness(body: Uint8Array): Frame {
  const decoder = decoding.createDecoder(body);
  const count = decoding.readVarUint(decoder);
  if (count > AWARENESS_MAX_STATES) return MALFORMED;
  const entries: AwarenessEntry[] = [];
  for (let i = 0; i < count; i++) {
    const clientId = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    const json = decoding.readVarString(decoder);
    if (clock > CLOCK_MAX) return MALFORMED;
    if (json.length > AWARENESS_MAX_BYTES) return { kind: "awarenessTooLarge" };
    entries.push({ clientId, clock, json: json === "null" ? null : json });
  }
  return decoding.hasContent(decoder) ? MALFORMED : { kind: "awareness", entries };
}
