/**
 * What the room sends to everybody, in as few frames as the eye allows: a frame costs once per connection.
 *
 *   edits      leave at once. They have been gathered on their way in: see inbox.ts.
 *   awareness  changed states wait for the tick and leave as one frame, encoded once, the same for all. The tick
 *              grows with what a tick costs, so that the room's outgoing bytes stay bounded however many move.
 *
 * A frame with one author's edit only is not sent to its author; a merged one may contain one's own, which Yjs and
 * the awareness protocol ignore. Order is kept: per connection everything goes through one socket, in the order in
 * which it was sent here.
 */
import * as encoding from "lib0/encoding";
import * as syncProtocol from "y-protocols/sync";
import { MESSAGE_SYNC } from "./frames";

/** Thirty frames of cursors a second. */
const AWARENESS_TICK_MS = 33;

/** Bytes of awareness that one room sends per millisecond: 30 MB a second is what 100 moving people need. */
const AWARENESS_BYTES_PER_MS = 30_000;

export interface OutboxTarget<M> {
  /** Sends to all but `except`. Returns to how many. */
  broadcast(frame: Uint8Array, kind: "edit" | "awareness", except: M | null): number;
  encodeAwareness(clientIds: Iterable<number>): Uint8Array;
}

export class Outbox<M> {
  readonly #target: OutboxTarget<M>;
  #changed = new Set<number>();
  #mover: M | null = null;
  #nextAwarenessAt = 0;
  #awarenessTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(target: OutboxTarget<M>) {
    this.#target = target;
  }

  /** `author` made all of it; `null`: several did. */
  edit(update: Uint8Array, author: M | null): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE_SYNC);
    syncProtocol.writeUpdate(encoder, update);
    this.#target.broadcast(encoding.toUint8Array(encoder), "edit", author);
  }

  /** `by` moved these ids' states, or `null` if nobody did: they have gone. */
  awareness(clientIds: number[], by: M | null): void {
    if (clientIds.length === 0) return;
    this.#mover = this.#changed.size === 0 || this.#mover === by ? by : null;
    for (const clientId of clientIds) this.#changed.add(clientId);
    if (this.#awarenessTimer !== null) return;
    const wait = this.#nextAwarenessAt - Date.now();
    if (wait <= 0) this.#sendAwareness();
    else this.#awarenessTimer = setTimeout(() => this.#sendAwareness(), wait);
  }

  /** Nobody is left to send to. */
  clear(): void {
    if (this.#awarenessTimer !== null) clearTimeout(this.#awarenessTimer);
    this.#awarenessTimer = null;
    this.#changed.clear();
  }

  #sendAwareness(): void {
    this.#awarenessTimer = null;
    if (this.#changed.size === 0) return;
    const frame = this.#target.encodeAwareness(this.#changed);
    this.#changed.clear();
    const recipients = this.#target.broadcast(frame, "awareness", this.#mover);
    const cost = (frame.byteLength * recipients) / AWARENESS_BYTES_PER_MS;
    this.#nextAwarenessAt = Date.now() + Math.max(AWARENESS_TICK_MS, cost);
  }
}
