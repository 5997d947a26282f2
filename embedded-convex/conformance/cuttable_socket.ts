/** WebSockets for the official clients that a test can cut as a failing network would, and listen in on. */
import WebSocket from "ws";

export interface Network {
  /** For the client's `webSocketConstructor`. */
  socket: typeof globalThis.WebSocket;
  /** Cuts every connection, without a closing handshake. */
  cut(): void;
  connections(): number;
  /** The types of all messages that have arrived. */
  received: string[];
}

export function cuttableNetwork(): Network {
  const open = new Set<WebSocket>();
  const received: string[] = [];
  let connections = 0;
  class CuttableSocket extends WebSocket {
    constructor(url: string) {
      super(url);
      connections += 1;
      open.add(this);
      this.on("close", () => open.delete(this));
      this.on("message", (data: Buffer) => {
        const { type } = JSON.parse(data.toString("utf8")) as { type: string };
        received.push(type);
      });
    }
  }
  return {
    socket: CuttableSocket as unknown as typeof globalThis.WebSocket,
    cut: () => {
      for (const socket of open) socket.terminate();
    },
    connections: () => connections,
    received,
  };
}
