/**
 * How long every edit and every move takes from its sender to each of the others in its room.
 *
 * A sender numbers what it sends, from 1, and notes when it was sent in memory that all threads share. A receiver
 * that sees number n of a sender has thereby got everything up to n: also what was merged into it, and a move that
 * a newer one replaced, each of which took until now. What has not arrived when the measurement ends is counted as
 * missing, and with the time that it has taken by then.
 */
import { now } from "./clock";
import { Histogram } from "./histogram";

export const TRAFFIC = ["edit", "move"] as const;
export type Traffic = (typeof TRAFFIC)[number];

/** Shared by all threads. */
export interface SharedLog {
  senders: number;
  /** Entries per sender. */
  capacity: number;
  /** Start and end of the measurement; infinite until they are known. */
  span: Float64Array;
  sentAt: Record<Traffic, Float64Array>;
  sent: Record<Traffic, Int32Array>;
}

export function createSharedLog(senders: number, capacity: number): SharedLog {
  const floats = (length: number) => new Float64Array(new SharedArrayBuffer(8 * Math.max(1, length)));
  const integers = (length: number) => new Int32Array(new SharedArrayBuffer(4 * Math.max(1, length)));
  return {
    senders,
    capacity,
    span: floats(2).fill(Infinity),
    sentAt: { edit: floats(senders * capacity), move: floats(senders * capacity) },
    sent: { edit: integers(senders), move: integers(senders) },
  };
}

/** Edits and moves that were sent in the measured time, and with the warm-up before it. */
export function countSent({ span, sentAt }: SharedLog): { sent: number; sentInAll: number } {
  const [start = Infinity, end = Infinity] = span;
  const departures = TRAFFIC.flatMap((traffic) => [...sentAt[traffic]]).filter((at) => at > 0 && at <= end);
  return { sent: departures.filter((at) => at >= start).length, sentInAll: departures.length };
}

export class Journeys {
  readonly histograms = { edit: new Histogram(), move: new Histogram() };
  readonly #log: SharedLog;
  /** Per receiver of this thread: whom it hears, and what it last saw of each. */
  readonly #receivers = new Map<number, { room: number[]; seen: Record<Traffic, Int32Array> }>();

  constructor(log: SharedLog) {
    this.#log = log;
  }

  /** `room`: the senders that this receiver shares its room with. */
  addReceiver(receiver: number, room: number[]): void {
    const { senders } = this.#log;
    const seen = { edit: new Int32Array(senders), move: new Int32Array(senders) };
    this.#receivers.set(receiver, { room: room.filter((sender) => sender !== receiver), seen });
  }

  /** Notes the moment of sending and returns the number to send. */
  depart(sender: number, traffic: Traffic): number {
    const { sent, sentAt, capacity } = this.#log;
    const number = (sent[traffic][sender] ?? 0) + 1;
    if (number >= capacity) throw new Error("more was sent than there is room to remember");
    sentAt[traffic][sender * capacity + number] = now();
    sent[traffic][sender] = number;
    return number;
  }

  arrive(receiver: number, sender: number, traffic: Traffic, number: number): void {
    const seen = this.#receivers.get(receiver)?.seen[traffic];
    if (seen === undefined || sender === receiver || !(sender >= 0 && sender < this.#log.senders)) return;
    const last = seen[sender] ?? 0;
    if (number <= last) return;
    seen[sender] = number;
    this.#count(sender, traffic, last + 1, number, now());
  }

  /** Edits and moves that are still on their way to receivers of this thread. */
  outstanding(): number {
    let sum = 0;
    for (const { room, seen } of this.#receivers.values()) {
      for (const traffic of TRAFFIC) {
        for (const sender of room)
          sum += (this.#log.sent[traffic][sender] ?? 0) - (seen[traffic][sender] ?? 0);
      }
    }
    return sum;
  }

  /** Counts what has not arrived. Returns how much of it was sent in the measured time. */
  giveUp(): number {
    const at = now();
    let missing = 0;
    for (const { room, seen } of this.#receivers.values()) {
      for (const traffic of TRAFFIC) {
        for (const sender of room) {
          const sent = this.#log.sent[traffic][sender] ?? 0;
          missing += this.#count(sender, traffic, (seen[traffic][sender] ?? 0) + 1, sent, at);
          seen[traffic][sender] = sent;
        }
      }
    }
    return missing;
  }

  #count(sender: number, traffic: Traffic, from: number, to: number, at: number): number {
    const { sentAt, capacity, span } = this.#log;
    const [start = Infinity, end = Infinity] = span;
    let counted = 0;
    for (let number = from; number <= to; number++) {
      const departure = sentAt[traffic][sender * capacity + number] ?? 0;
      if (departure < start || departure > end) continue;
      this.histograms[traffic].add(at - departure);
      counted += 1;
    }
    return counted;
  }
}
