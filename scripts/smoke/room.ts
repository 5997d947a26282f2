/** A room, as seen from outside: its door, and the official provider inside. */
import { WebSocket } from "ws";
import type { Awareness } from "y-protocols/awareness";
import YPartyKitProvider from "y-partykit/provider";
import * as Y from "yjs";
import { TOKEN_PARAM } from "../../protocol/access";
import { CLOSE } from "../../protocol/close-codes";
import {
  encodeClientMessage,
  readRoomMessage,
  RIPPLE_MESSAGE,
  type RoomMessage,
} from "../../protocol/messages";
import { isLocal } from "./addresses";
import { Fault, reasonOf } from "./fault";

const PATIENCE_MS = 10_000;
const POLL_MS = 20;

/**
 * The HTTP status of an upgrade: 101 when the door opened. The socket is closed at once. With an origin it knocks as a
 * browser does that shows a page from there.
 */
export function knock(host: string, roomId: string, token: string | null, origin?: string): Promise<number> {
  const query = token === null ? "" : `?${new URLSearchParams({ [TOKEN_PARAM]: token }).toString()}`;
  const url = `${isLocal(host) ? "ws" : "wss"}://${host}/parties/main/${roomId}${query}`;
  const socket = new WebSocket(url, { handshakeTimeout: PATIENCE_MS, ...(origin && { origin }) });
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      socket.close();
      resolve(101);
    });
    socket.once("unexpected-response", (request, { statusCode }) => {
      request.destroy();
      resolve(statusCode ?? 0);
    });
    socket.once("error", (error) => {
      reject(new Fault(`PartyKit at ${host} does not speak WebSocket: ${reasonOf(error)}.`));
    });
  });
}

/** What the room says about edits that were sent to it. */
export type Verdict = "saved" | "readOnly" | "storage" | "unresolved" | "nothing";

export class RoomClient {
  readonly #doc = new Y.Doc();
  readonly #provider: YPartyKitProvider;
  readonly #messages: RoomMessage[] = [];
  #barriers = 0;
  #closed: number | null = null;

  constructor(host: string, roomId: string, token: string) {
    this.#provider = new YPartyKitProvider(host, roomId, this.#doc, {
      connect: false,
      params: { [TOKEN_PARAM]: token },
      // The one API that `ws` and the browser's WebSocket do not share is not used by the provider.
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    });
    this.#provider.messageHandlers[RIPPLE_MESSAGE] = (_encoder, decoder) => {
      const message = readRoomMessage(decoder);
      if (message !== null) this.#messages.push(message);
    };
    this.#provider.on("connection-close", ({ code }: { code: number }) => {
      this.#closed = code;
    });
  }

  /** Connects and waits for the content. */
  async open(): Promise<void> {
    this.#provider.connect();
    const ready = await until(() => this.#provider.synced || this.#closed !== null);
    if (ready && this.#closed === null) return;
    if (this.#closed === CLOSE.loadFailed.code) {
      throw new Fault(
        "A room cannot load its document: its storage fails, or Convex refuses its backups to PartyKit. Have both the same ROOM_SERVICE_SECRET?",
      );
    }
    const how =
      this.#closed === null ? "does not send its content" : `closes the socket with ${this.#closed}`;
    throw new Fault(`A room lets people in, but then ${how}.`);
  }

  /** The cursors of everybody in the room. */
  get awareness(): Awareness {
    return this.#provider.awareness;
  }

  get text(): string {
    return this.#doc.getText("smoke").toJSON();
  }

  write(text: string): void {
    const shared = this.#doc.getText("smoke");
    shared.insert(shared.length, text);
  }

  /** Asks the room whether everything that was written here is on its disk. */
  async verdict(): Promise<Verdict> {
    const from = this.#messages.length;
    const barrier = ++this.#barriers;
    this.#provider.ws?.send(encodeClientMessage({ kind: "barrier", barrier }));
    let verdict: Verdict = "nothing";
    await until(() => {
      for (const message of this.#messages.slice(from)) {
        if (message.kind === "saved" && message.barrier >= barrier) verdict = "saved";
        if (message.kind === "notSaved") verdict = message.reason;
      }
      return verdict !== "nothing";
    });
    return verdict;
  }

  sees(text: string): Promise<boolean> {
    return until(() => this.text === text);
  }

  async close(): Promise<void> {
    this.#provider.disconnect();
    await until(() => !this.#provider.wsconnected);
    this.#provider.destroy();
    this.#provider.awareness.destroy();
    this.#doc.destroy();
  }
}

/** Whether the condition came true in time. */
async function until(condition: () => boolean): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}
