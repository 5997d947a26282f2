/** One client of a run, whichever way it is made. */
import type { Traffic } from "./journey";

export interface Client {
  /** Resolves when it is connected and in sync. */
  open(): Promise<void>;
  send(traffic: Traffic, number: number): void;
  close(): void;
}

export interface ClientEvents {
  /** A whole WebSocket message has come in. */
  onFrame(bytes: number): void;
  /** This is the latest of `sender` that has come in. */
  onArrival(sender: number, traffic: Traffic, number: number): void;
  /** The server, or the line, has ended the connection. */
  onLost(code: number): void;
}
