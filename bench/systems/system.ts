/** A server that is measured. */
import type { Target } from "../load/target";

export const SYSTEMS = ["ripple", "stock", "hocuspocus", "y-websocket", "floor"] as const;
export type SystemName = (typeof SYSTEMS)[number];

/** One server, started for one run with empty storage, and stopped with it. */
export interface RunningSystem {
  target: Target;
  /** The processes that count as the server. */
  pids(): Promise<number[]>;
  /** The id of the run's `n`th room. */
  room(n: number): string;
  /** What a client shows to be let into a room; `null` where nobody asks. */
  token(room: string, client: number): Promise<string | null>;
  /** Writes to storage so far by `rooms`, which must be open: calls, of one entry or several together; `null` where it cannot be counted. */
  storageWrites(rooms: string[]): Promise<number | null>;
  /** Milliseconds of one access check alone, asked for past the rooms. Absent: nobody checks. */
  accessCheck?: () => Promise<number>;
  stop(): Promise<void>;
  /** Called when a measurement of traffic starts; what it resolves to is called when it ends. Not for other scenarios. */
  observe?: () => Promise<() => Promise<void>>;
}

/** Where nothing decides who may enter which room. */
export const open = {
  room: (n: number) => `doc-bench${n}`,
  token: () => Promise.resolve(null),
};
