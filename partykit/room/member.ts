/** One socket in the room, with what the room remembers about it. */
import type * as Party from "partykit/server";
import type { AccessGrant } from "../../protocol/access";
import type { CloseCode } from "../../protocol/close-codes";
import {
  RATE_BURST_ITEMS,
  RATE_ITEMS_PER_SECOND,
  SLOW_CONSUMER_MAX_BYTES,
  SYNC_REQUEST_BURST,
  SYNC_REQUEST_INTERVAL_SECONDS,
} from "../../protocol/limits";
import type { Speaker } from "./awareness";
import { Gate } from "./gate";
import { RateLimit } from "./rate-limit";

/** Bytes of fan-out after which a client is asked for a sign that it reads. */
const PROBE_AFTER_BYTES = 2_000_000;

/** Barriers that wait for their write. More are merged: the room answers the later one for both. */
const BARRIERS_MAX = 64;

interface WaitingBarrier {
  barrier: number;
  /** The count of appended updates that must be durable first. */
  appended: number;
}

export class Member implements Speaker {
  readonly gate: Gate;
  greeted = false;
  /** It has sent a message of Ripple's own, so it understands the room's. */
  speaksRipple = false;
  /** An edit of it was dropped because it may not write: nothing that it sends can be called saved. */
  lostEdit = false;
  /** When it was last sent something, and when it last sent something. */
  sentAt: number;
  heardAt: number;

  readonly #socket: Party.Connection;
  readonly #syncRate: RateLimit;
  readonly #editRate: RateLimit;
  #synced = false;
  #open = true;
  #barriers: WaitingBarrier[] = [];
  /** Fan-out since the last sign of reading, and since the question that is not answered yet. */
  #unconfirmedBytes = 0;
  #bytesSinceProbe: number | null = null;

  constructor(
    socket: Party.Connection,
    readonly grant: AccessGrant,
    readonly order: number,
    now: number,
  ) {
    this.#socket = socket;
    this.gate = new Gate(now);
    this.#syncRate = new RateLimit(1 / SYNC_REQUEST_INTERVAL_SECONDS, SYNC_REQUEST_BURST, now);
    this.#editRate = new RateLimit(RATE_ITEMS_PER_SECOND, RATE_BURST_ITEMS, now);
    this.sentAt = this.heardAt = now;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Whether it may edit `weight` items at once, after what it has edited lately. */
  mayEdit(weight: number, now: number): boolean {
    return this.#editRate.take(now, Math.min(weight, RATE_BURST_ITEMS));
  }

  asksForSync(now: number): "first" | "again" | "tooOften" {
    if (!this.#syncRate.take(now)) return "tooOften";
    const turn = this.#synced ? "again" : "first";
    this.#synced = true;
    return turn;
  }

  heard(now: number): void {
    this.heardAt = now;
  }

  /** Returns whether the socket took it. A socket that does not is gone; its close event follows, or has been. */
  send(frame: Uint8Array, now: number): boolean {
    if (!this.#open) return false;
    try {
      this.#socket.send(frame);
      this.sentAt = now;
      return true;
    } catch (error) {
      // The platform throws a TypeError on a socket that has closed under our hands, and on nothing else.
      if (error instanceof TypeError) return false;
      throw error;
    }
  }

  close(reason: CloseCode | null): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      if (reason === null) this.#socket.close(1000);
      else this.#socket.close(reason.code, reason.reason);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /**
   * Counts what is sent, which the platform queues without bound for a client that does not read.
   * `probe`: ask it something that it answers; `tooFar`: it has not read for too long.
   */
  countSent(bytes: number): "fine" | "probe" | "tooFar" {
    this.#unconfirmedBytes += bytes;
    if (this.#unconfirmedBytes > SLOW_CONSUMER_MAX_BYTES) return "tooFar";
    if (this.#bytesSinceProbe !== null) {
      this.#bytesSinceProbe += bytes;
      return "fine";
    }
    if (this.#unconfirmedBytes < PROBE_AFTER_BYTES) return "fine";
    this.#bytesSinceProbe = 0;
    return "probe";
  }

  /** It has answered: everything before the question was read. */
  probeAnswered(): void {
    if (this.#bytesSinceProbe === null) return;
    this.#unconfirmedBytes = this.#bytesSinceProbe;
    this.#bytesSinceProbe = null;
  }

  waitFor(barrier: number, appended: number): void {
    const last = this.#barriers.at(-1);
    if (last !== undefined && (last.appended === appended || this.#barriers.length >= BARRIERS_MAX)) {
      last.barrier = barrier;
      last.appended = appended;
    } else {
      this.#barriers.push({ barrier, appended });
    }
  }

  /** What its barriers ask about has been let in only now: it is as durable as the update that did it. */
  waitLonger(appended: number): void {
    for (const waiting of this.#barriers) waiting.appended = appended;
  }

  /** Takes out the last barrier that `durable` updates satisfy; it answers all before it. */
  takeAnswered(durable: number): number | null {
    let answered: number | null = null;
    for (
      let first = this.#barriers[0];
      first !== undefined && first.appended <= durable;
      first = this.#barriers[0]
    ) {
      answered = first.barrier;
      this.#barriers.shift();
    }
    return answered;
  }

  get hasBarriers(): boolean {
    return this.#barriers.length > 0;
  }
}
