/** Accepts sync WebSockets at `/api/<version of the client>/sync`, one session each. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import type { Authenticator } from "../auth/authenticator";
import type { Engine } from "../engine";
import { addressOf } from "../http/exchange";
import { refusalOf } from "../http/origin";
import { MAX_FUNCTION_VALUE_BYTES } from "../values/limits";
import { AnsweredMutations } from "./answered_mutations";
import { SyncSession, type SessionHost } from "./session";
import { Subscriptions } from "./subscriptions";

/** Clients take a minute of silence for a dead connection. */
const PING_INTERVAL_MS = 15_000;

/** The first version of the `convex` package that speaks this protocol. */
const OLDEST_CLIENT = 1;

export class SyncServer {
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FUNCTION_VALUE_BYTES + 1024 * 1024,
  });
  private readonly sessions = new Set<SyncSession>();
  private readonly host: SessionHost;
  private readonly pings: NodeJS.Timeout;

  constructor({ engine, authenticator }: { engine: Engine; authenticator: Authenticator }) {
    const subscriptions = new Subscriptions();
    engine.onCommit((commit) => subscriptions.onCommit(commit));
    this.host = { engine, authenticator, subscriptions, answered: new AnsweredMutations(engine.store) };
    this.pings = setInterval(() => {
      for (const session of this.sessions) session.ping();
    }, PING_INTERVAL_MS);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.refusal(request);
    if (refusal !== null) {
      const body = JSON.stringify({ code: refusal.code, message: refusal.message });
      socket.end(
        `HTTP/1.1 ${refusal.status} ${refusal.code}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => this.open(webSocket, request));
  }

  /** Runs every subscribed query again. */
  functionsChanged(): void {
    for (const session of this.sessions) session.functionsChanged();
  }

  close(): void {
    clearInterval(this.pings);
    for (const session of this.sessions) session.end();
    for (const webSocket of this.sockets.clients) webSocket.close(1012, "InternalServerError: restarting");
    this.sockets.close();
  }

  private open(webSocket: WebSocket, request: IncomingMessage): void {
    const session = new SyncSession(this.host, {
      send: (text) => webSocket.send(text),
      close: (code, reason) => webSocket.close(code, reason),
      ...addressOf(request),
    });
    this.sessions.add(session);
    webSocket.on("message", (data) => session.receive(textOf(data)));
    // `ws` reports a broken frame here and closes the socket; the session ends with it.
    webSocket.on("error", () => session.end());
    webSocket.on("close", () => {
      session.end();
      this.sessions.delete(session);
    });
  }

  private refusal(request: IncomingMessage): { status: number; code: string; message: string } | null {
    const foreign = refusalOf(request.headers.host, request.headers.origin);
    if (foreign !== null) return { status: 403, code: "ForbiddenOrigin", message: foreign };
    const version = /^\/api\/(\d+)\.\d+\.\d+[^/]*\/sync$/.exec(request.url ?? "")?.[1];
    if (version === undefined) {
      return { status: 404, code: "NotFound", message: "WebSockets are at /api/<client version>/sync." };
    }
    if (Number(version) < OLDEST_CLIENT) {
      return { status: 400, code: "UnsupportedClient", message: "This client is too old." };
    }
    return null;
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString("utf8");
}
