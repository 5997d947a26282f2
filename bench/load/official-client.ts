/** A client that is what a page would use: the system's own provider, with a whole document and awareness. */
import { messageYjsSyncStep1 } from "y-protocols/sync";
import type { Awareness } from "y-protocols/awareness";
import * as decoding from "lib0/decoding";
import WebSocket from "ws";
import YPartyKitProvider from "y-partykit/provider";
import * as Y from "yjs";
import { readRoomMessage, RIPPLE_MESSAGE } from "../../protocol/messages";
import { Barriers } from "./barriers";
import type { Client, ClientEvents } from "./client";
import type { Traffic } from "./journey";
import { openHocuspocus, openYWebsocket } from "./other-providers.mjs";
import type { ClientPlan, Target } from "./target";
import { FIRST_CLIENT_ID, moveState } from "./wire";

const SYNC = 0;
const POLL_MS = 2;

type SocketClass = new (address: string, protocols?: string | string[]) => WebSocket;

interface Provider {
  awareness: Pick<Awareness, "getStates" | "setLocalState" | "on" | "destroy">;
  synced: Promise<void>;
  barriers?: Barriers;
  destroy(): void;
}

export class OfficialClient implements Client {
  readonly #target: Target;
  readonly #plan: ClientPlan;
  readonly #events: ClientEvents;
  readonly #doc = new Y.Doc();
  readonly #text = this.#doc.getText("text");
  #provider: Provider | null = null;
  #closing = false;

  constructor(target: Target, plan: ClientPlan, events: ClientEvents) {
    this.#target = target;
    this.#plan = plan;
    this.#events = events;
    this.#doc.clientID = FIRST_CLIENT_ID + plan.index;
    this.#doc.on("afterTransaction", (transaction: Y.Transaction) => this.#reportEdits(transaction));
  }

  async open(): Promise<void> {
    const provider = this.#connect(this.#countingSocket());
    this.#provider = provider;
    provider.awareness.on("update", ({ added, updated }: { added: number[]; updated: number[] }) => {
      for (const clientId of [...added, ...updated]) this.#reportMove(provider.awareness, clientId);
    });
    await provider.synced;
    while (this.#plan.awaitBytes > 0 && !this.#hasContent()) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  send(traffic: Traffic, number: number): void {
    if (traffic === "edit") {
      this.#text.insert(this.#text.length, "x");
      this.#provider?.barriers?.edited();
    } else {
      this.#provider?.awareness.setLocalState(moveState(number, this.#plan.index));
    }
  }

  close(): void {
    this.#closing = true;
    this.#provider?.barriers?.stop();
    this.#provider?.destroy();
    this.#provider?.awareness.destroy();
    this.#doc.destroy();
  }

  /** y-websocket's server may answer the first sync before it has read its disk. */
  #hasContent(): boolean {
    return this.#text.length > 0;
  }

  #reportEdits({ local, beforeState, afterState }: Y.Transaction): void {
    if (local || this.#plan.awaitBytes > 0) return;
    for (const [clientId, clock] of afterState) {
      if (clock > (beforeState.get(clientId) ?? 0)) {
        this.#events.onArrival(clientId - FIRST_CLIENT_ID, "edit", clock);
      }
    }
  }

  #reportMove(awareness: Provider["awareness"], clientId: number): void {
    const number: unknown = awareness.getStates().get(clientId)?.n;
    if (typeof number === "number") this.#events.onArrival(clientId - FIRST_CLIENT_ID, "move", number);
  }

  /** The WebSocket that the provider gets: the usual one, and what comes in over it is counted. */
  #countingSocket(): SocketClass {
    const events = this.#events;
    const isClosing = () => this.#closing;
    return class extends WebSocket {
      constructor(address: string, protocols?: string | string[]) {
        super(address, protocols, { perMessageDeflate: false });
        this.on("message", (data) => events.onFrame((data as Buffer | ArrayBuffer).byteLength));
        this.on("close", (code) => {
          if (!isClosing()) events.onLost(code);
        });
      }
    };
  }

  #connect(socketClass: SocketClass): Provider {
    const { flavor, host } = this.#target;
    const options = { host, room: this.#plan.room, doc: this.#doc, WebSocket: socketClass };
    switch (flavor) {
      case "hocuspocus":
        return openHocuspocus(options);
      case "y-websocket":
        return openYWebsocket(options);
      case "ripple":
      case "partykit":
        return this.#connectToPartyKit(flavor === "ripple", socketClass);
      case "floor":
        throw new Error("the floor has no protocol, so it has no provider");
    }
  }

  #connectToPartyKit(isRipple: boolean, socketClass: SocketClass): Provider {
    const { room, token } = this.#plan;
    const provider = new YPartyKitProvider(this.#target.host, room, this.#doc, {
      connect: false,
      party: "main",
      disableBc: true,
      params: token === null ? {} : { token },
      WebSocketPolyfill: socketClass as unknown as typeof globalThis.WebSocket,
    });
    const synced = new Promise<void>((resolve) => {
      provider.on("synced", (isSynced: boolean) => {
        if (isSynced) resolve();
      });
    });
    const barriers = isRipple ? askForSaves(provider, this.#plan.people) : undefined;
    provider.connect();
    return {
      awareness: provider.awareness,
      synced,
      ...(barriers === undefined ? {} : { barriers }),
      destroy: () => provider.destroy(),
    };
  }
}

/** As the page does: the first barrier follows the step 2 that carries what the room lacks. */
function askForSaves(provider: YPartyKitProvider, people: number): Barriers {
  const barriers = new Barriers(people, (frame) => provider.ws?.send(new Uint8Array(frame)));
  const readSync = provider.messageHandlers[SYNC];
  provider.messageHandlers[SYNC] = (encoder, decoder, from, emitSynced, type) => {
    const asksForOurs = decoding.peekVarUint(decoder) === messageYjsSyncStep1;
    readSync?.(encoder, decoder, from, emitSynced, type);
    if (asksForOurs) queueMicrotask(() => barriers.dispatch({ type: "ready" }));
  };
  provider.messageHandlers[RIPPLE_MESSAGE] = (_encoder, decoder) => {
    const message = readRoomMessage(decoder);
    if (message?.kind === "saved") barriers.dispatch({ type: "saved", barrier: message.barrier });
  };
  return barriers;
}
