/** A sync WebSocket without the official client's good manners. */
import WebSocket from "ws";

export interface Frame {
  type: string;
  [field: string]: unknown;
}

export class RawClient {
  readonly frames: Frame[] = [];
  private readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer) => this.frames.push(JSON.parse(data.toString("utf8")) as Frame));
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve({ code, reason: reason.toString("utf8") }));
    });
    // The close that follows tells the test what it wants to know.
    socket.on("error", () => undefined);
  }

  static open(
    url: string,
    path = "/api/1.48.0/sync",
    headers: Record<string, string> = {},
  ): Promise<RawClient> {
    const socket = new WebSocket(url.replace("http", "ws") + path, { headers });
    const client = new RawClient(socket);
    return new Promise((resolve, reject) => {
      socket.once("open", () => resolve(client));
      socket.once("unexpected-response", (_request, response) => {
        reject(new Error(`refused with ${response.statusCode ?? 0}`));
        socket.terminate();
      });
      socket.once("error", reject);
    });
  }

  connect(sessionId = "raw"): void {
    this.send({
      type: "Connect",
      sessionId,
      connectionCount: 0,
      lastCloseReason: null,
      clientTs: Date.now(),
    });
  }

  send(message: unknown): void {
    this.socket.send(
      typeof message === "string" || Buffer.isBuffer(message) ? message : JSON.stringify(message),
    );
  }

  ofType(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  end(): void {
    this.socket.terminate();
  }
}
