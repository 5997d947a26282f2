/**
 * A client that speaks the protocol and keeps no document: it notes who has moved or typed how far, and answers what
 * it is asked. Its own edits are real ones, one letter each at the end of what it has typed.
 */
import WebSocket from "ws";
import * as Y from "yjs";
import { Barriers } from "./barriers";
import type { Client, ClientEvents } from "./client";
import type { Traffic } from "./journey";
import { socketUrl, type ClientPlan, type Target } from "./target";
import * as wire from "./wire";

/** The protocol version that a Hocuspocus client names in its first message. */
const HOCUSPOCUS_VERSION = "4.7.0";

export class LightClient implements Client {
  readonly #target: Target;
  readonly #plan: ClientPlan;
  readonly #events: ClientEvents;
  readonly #documentName: string | null;
  readonly #clientId: number;
  readonly #doc = new Y.Doc();
  readonly #text = this.#doc.getText("text");
  readonly #barriers: Barriers | null;
  #socket: WebSocket | null = null;
  #closing = false;
  #receivedBytes = 0;
  #onReady: () => void = () => undefined;

  constructor(target: Target, plan: ClientPlan, events: ClientEvents) {
    this.#target = target;
    this.#plan = plan;
    this.#events = events;
    this.#documentName = target.flavor === "hocuspocus" ? plan.room : null;
    this.#clientId = this.#doc.clientID = wire.FIRST_CLIENT_ID + plan.index;
    this.#barriers =
      target.flavor === "ripple" ? new Barriers(plan.people, (frame) => this.#socket?.send(frame)) : null;
    this.#doc.on("update", (update: Uint8Array) => {
      this.sendUpdate(update);
    });
  }

  open(): Promise<void> {
    const socket = new WebSocket(socketUrl(this.#target, this.#plan), {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    this.#socket = socket;
    socket.on("open", () => this.#greet(socket));
    socket.on("message", (data, isBinary) => {
      if (!Buffer.isBuffer(data)) throw new Error("ws hands out buffers unless it is told otherwise");
      this.#events.onFrame(data.byteLength);
      if (isBinary) this.#receive(socket, data);
    });
    socket.on("close", (code) => {
      if (!this.#closing) this.#events.onLost(code);
    });
    return new Promise((resolve, reject) => {
      socket.on("error", reject);
      this.#onReady = resolve;
    });
  }

  send(traffic: Traffic, number: number): void {
    if (traffic === "edit") {
      this.#text.insert(this.#text.length, "x");
      this.#barriers?.edited();
    } else {
      const state = JSON.stringify(wire.moveState(number, this.#plan.index));
      this.#socket?.send(wire.awarenessFrame(this.#documentName, this.#clientId, number, state));
    }
  }

  /** Somebody else's work, such as a recorded session's. */
  sendUpdate(update: Uint8Array): void {
    this.#socket?.send(wire.updateFrame(this.#documentName, update));
  }

  close(): void {
    this.#closing = true;
    this.#barriers?.stop();
    this.#socket?.terminate();
    this.#doc.destroy();
  }

  #greet(socket: WebSocket): void {
    switch (this.#target.flavor) {
      case "floor":
        if (this.#plan.awaitBytes === 0) this.#onReady();
        return;
      case "hocuspocus":
        socket.send(wire.authFrame(this.#plan.room, HOCUSPOCUS_VERSION));
        return;
      case "ripple":
      case "partykit":
      case "y-websocket":
        socket.send(wire.step1Frame(null));
    }
  }

  #receive(socket: WebSocket, bytes: Uint8Array): void {
    const heard = wire.readFrame(bytes, this.#documentName);
    switch (heard.kind) {
      case "authenticated":
        socket.send(wire.step1Frame(this.#documentName));
        return;
      case "step1":
        socket.send(wire.step2Frame(this.#documentName, this.#doc));
        this.#barriers?.dispatch({ type: "ready" });
        return;
      case "content":
        this.#receivedBytes += heard.update.byteLength;
        if (this.#receivedBytes >= this.#plan.awaitBytes) this.#onReady();
        // A joiner's content is not looked into: to read it is work of the page, not of the server.
        if (this.#plan.awaitBytes > 0) return;
        wire.scanUpdate(heard.update, (sender, number) => this.#events.onArrival(sender, "edit", number));
        return;
      case "awareness":
        wire.scanAwareness(heard.body, (sender, number) => this.#events.onArrival(sender, "move", number));
        return;
      case "saved":
        this.#barriers?.dispatch({ type: "saved", barrier: heard.barrier });
        return;
      case "other":
        return;
    }
  }
}
