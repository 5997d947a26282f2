/** Clients for tests in Node: the official provider, and a raw socket that says whatever a test wants to say. */
import YPartyKitProvider from "y-partykit/provider";
import WebSocket from "ws";
import * as Y from "yjs";
import { TOKEN_PARAM } from "../../protocol/access";
import {
  encodeClientMessage,
  readRoomMessage,
  RIPPLE_MESSAGE,
  type RoomMessage,
} from "../../protocol/messages";
import { signToken } from "./access-server";
import { delay, until } from "./server-process";

// Each provider listens for the end of the process, and a test has many.
process.setMaxListeners(0);

/** Tests that break a server do not wait for a browser's patience. */
const RECONNECT_MAX_MS = 250;

export interface Client {
  provider: YPartyKitProvider;
  doc: Y.Doc;
  text: Y.Text;
  /** Codes with which the room closed its sockets. */
  closes: number[];
  messages: RoomMessage[];
  /** Sends the next barrier. Resolves to whether the room answered it before the socket closed. */
  barrier(): Promise<boolean>;
  /** As `barrier`; rejects when the answer is not there in time. */
  saved(timeoutMs?: number): Promise<void>;
  destroy(): void;
}

export interface ConnectOptions {
  doc?: Y.Doc;
  connect?: boolean;
  connectionId?: string;
  /** Leaves the awareness state as `null`. */
  silent?: boolean;
  party?: string;
}

/** The official provider, which reconnects by itself, with a token for `userId`. */
export async function openClient(
  host: string,
  room: string,
  userId: string,
  options: ConnectOptions = {},
): Promise<Client> {
  const doc = options.doc ?? new Y.Doc();
  const token = await signToken(userId, room);
  const provider = new YPartyKitProvider(host, room, doc, {
    connect: false,
    params: { [TOKEN_PARAM]: token },
    // The one API that `ws` and the browser's WebSocket do not share is not used by the provider.
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    maxBackoffTime: RECONNECT_MAX_MS,
    party: options.party ?? "main",
    ...(options.connectionId === undefined ? {} : { connectionId: options.connectionId }),
  });
  const closes: number[] = [];
  const messages: RoomMessage[] = [];
  let sent = 0;
  let waiting: { barrier: number; resolve: (answered: boolean) => void }[] = [];
  const settle = (upTo: number, answered: boolean) => {
    for (const { resolve } of waiting.filter(({ barrier }) => barrier <= upTo)) resolve(answered);
    waiting = waiting.filter(({ barrier }) => barrier > upTo);
  };
  provider.on("connection-close", (event: { code: number }) => {
    closes.push(event.code);
    settle(sent, false);
    sent = 0;
  });
  provider.messageHandlers[RIPPLE_MESSAGE] = (_encoder, decoder) => {
    const message = readRoomMessage(decoder);
    if (message === null) return;
    messages.push(message);
    if (message.kind === "saved") settle(message.barrier, true);
  };
  const barrier = () =>
    new Promise<boolean>((resolve) => {
      if (!provider.wsconnected || provider.ws?.readyState !== WebSocket.OPEN) {
        resolve(false);
        return;
      }
      sent += 1;
      waiting.push({ barrier: sent, resolve });
      provider.ws.send(encodeClientMessage({ kind: "barrier", barrier: sent }));
    });
  if (options.silent === true) provider.awareness.setLocalState(null);
  if (options.connect !== false) provider.connect();
  return {
    provider,
    doc,
    text: doc.getText("text"),
    closes,
    messages,
    barrier,
    async saved(timeoutMs = 30_000) {
      const answered = await Promise.race([barrier(), delay(timeoutMs)]);
      if (answered !== true) throw new Error(`a barrier of ${userId} is not answered`);
    },
    destroy() {
      provider.destroy();
      provider.awareness.destroy();
      if (options.doc === undefined) doc.destroy();
    },
  };
}

/** As `openClient`, resolving once it is in sync. */
export async function syncedClient(
  host: string,
  room: string,
  userId: string,
  options: ConnectOptions = {},
): Promise<Client> {
  const client = await openClient(host, room, userId, options);
  await until(`${userId} is in sync with ${room}`, () => client.provider.synced);
  return client;
}

export interface RawClient {
  socket: WebSocket;
  frames: Uint8Array[];
  /** The code with which it was closed; `null` while it is open. */
  readonly closed: { code: number; reason: string } | null;
  send(frame: Uint8Array | string): void;
}

export type Handshake = { kind: "open"; client: RawClient } | { kind: "refused"; status: number };

/** One upgrade request as it stands: no token or headers but those given. */
export function handshake(
  host: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${host}${path}`, { headers });
    socket.binaryType = "nodebuffer";
    const frames: Uint8Array[] = [];
    let closed: RawClient["closed"] = null;
    socket.on("message", (data) => {
      if (Buffer.isBuffer(data)) frames.push(new Uint8Array(data));
    });
    socket.on("close", (code, reason) => (closed = { code, reason: reason.toString() }));
    socket.once("unexpected-response", (_request, response) => {
      response.resume();
      socket.terminate();
      resolve({ kind: "refused", status: response.statusCode ?? 0 });
    });
    socket.on("error", reject);
    socket.once("open", () => {
      const client: RawClient = {
        socket,
        frames,
        get closed() {
          return closed;
        },
        send: (frame) => socket.send(frame),
      };
      resolve({ kind: "open", client });
    });
  });
}

/** A raw socket that was let in. */
export async function rawClient(host: string, room: string, userId: string): Promise<RawClient> {
  const token = await signToken(userId, room);
  const result = await handshake(host, `/parties/main/${room}?${TOKEN_PARAM}=${token}`);
  if (result.kind === "refused") throw new Error(`refused with ${result.status}`);
  return result.client;
}
