/**
 * The first check of every frame, per connection: how large, how many, and the provider's batches.
 *
 * `YPartyKitProvider` splits a message over 1 MB into frames between two text markers,
 * `y-pk-batch#{"id","type":"start","size","count"}`, binary frames, `y-pk-batch#{…"type":"end"…}`. It sends them
 * in one go, so nothing else stands between them. Text that is no marker is malformed, and so is a batch that does
 * not keep what its start promised. No clock inside: the caller passes the time.
 */
import * as z from "zod/mini";
import { CLOSE, type CloseCode } from "../../protocol/close-codes";
import {
  BATCH_MAX_FRAMES,
  BATCH_MAX_MS,
  FRAME_MAX_BYTES,
  MESSAGE_MAX_BYTES,
  RATE_BURST_BYTES,
  RATE_BURST_MESSAGES,
  RATE_BYTES_PER_SECOND,
  RATE_MESSAGES_PER_SECOND,
} from "../../protocol/limits";
import { RateLimit } from "./rate-limit";

export type Admission =
  { kind: "message"; bytes: Uint8Array } | { kind: "incomplete" } | { kind: "abuse"; close: CloseCode };

const BATCH_PREFIX = "y-pk-batch#";
const MARKER_MAX_CHARS = 200;

const Marker = z.object({
  id: z.string(),
  type: z.enum(["start", "end"]),
  size: z.int().check(z.positive()),
  count: z.int().check(z.positive()),
});
type Marker = z.infer<typeof Marker>;

interface Batch {
  promised: Marker;
  frames: Uint8Array[];
  bytes: number;
  startedAt: number;
}

const INCOMPLETE: Admission = { kind: "incomplete" };

export class Gate {
  readonly #messages: RateLimit;
  readonly #bytes: RateLimit;
  #batch: Batch | null = null;

  constructor(now: number) {
    this.#messages = new RateLimit(RATE_MESSAGES_PER_SECOND, RATE_BURST_MESSAGES, now);
    this.#bytes = new RateLimit(RATE_BYTES_PER_SECOND, RATE_BURST_BYTES, now);
  }

  /** What to do with one WebSocket frame. After `abuse` the connection is to be closed, not asked again. */
  admit(data: string | ArrayBuffer, now: number): Admission {
    const bytes = typeof data === "string" ? data.length : data.byteLength;
    if (!this.#messages.take(now) || !this.#bytes.take(now, bytes)) return abuse(CLOSE.rateLimited);
    if (this.batchIsLate(now)) return abuse(CLOSE.batchTimeout);
    if (typeof data === "string") return this.#marker(data, now);
    if (bytes > FRAME_MAX_BYTES) return abuse(CLOSE.messageTooLarge);
    const frame = new Uint8Array(data);
    return this.#batch === null ? { kind: "message", bytes: frame } : this.#collect(this.#batch, frame);
  }

  /** Whether a batch was started and not ended in time. Asked from outside too: its sender may be silent. */
  batchIsLate(now: number): boolean {
    return this.#batch !== null && now - this.#batch.startedAt > BATCH_MAX_MS;
  }

  #marker(text: string, now: number): Admission {
    const marker = parseMarker(text);
    if (marker === null) return abuse(CLOSE.malformedFrame);
    if (marker.type === "start") {
      if (this.#batch !== null) return abuse(CLOSE.malformedFrame);
      if (marker.size > MESSAGE_MAX_BYTES) return abuse(CLOSE.messageTooLarge);
      if (marker.count > BATCH_MAX_FRAMES) return abuse(CLOSE.malformedFrame);
      this.#batch = { promised: marker, frames: [], bytes: 0, startedAt: now };
      return INCOMPLETE;
    }
    const batch = this.#batch;
    this.#batch = null;
    if (batch === null || !isKept(batch, marker)) return abuse(CLOSE.malformedFrame);
    return { kind: "message", bytes: concatenate(batch) };
  }

  #collect(batch: Batch, bytes: Uint8Array): Admission {
    batch.frames.push(bytes);
    batch.bytes += bytes.byteLength;
    const { count, size } = batch.promised;
    return batch.frames.length > count || batch.bytes > size ? abuse(CLOSE.malformedFrame) : INCOMPLETE;
  }
}

function abuse(close: CloseCode): Admission {
  return { kind: "abuse", close };
}

function parseMarker(text: string): Marker | null {
  if (!text.startsWith(BATCH_PREFIX) || text.length > MARKER_MAX_CHARS) return null;
  try {
    const marker = Marker.safeParse(JSON.parse(text.slice(BATCH_PREFIX.length)));
    return marker.success ? marker.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isKept({ promised, frames, bytes }: Batch, end: Marker): boolean {
  return (
    promised.id === end.id &&
    promised.count === end.count &&
    promised.size === end.size &&
    promised.count === frames.length &&
    promised.size === bytes
  );
}

function concatenate({ frames, bytes }: Batch): Uint8Array {
  const message = new Uint8Array(bytes);
  let offset = 0;
  for (const frame of frames) {
    message.set(frame, offset);
    offset += frame.byteLength;
  }
  return message;
}
