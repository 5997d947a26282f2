/**
 * A room at the other end of sockets that are in memory, so that tests decide when what happens: it speaks the
 * Yjs protocol and barriers over a Y.Doc of its own, and each connection is accepted, refused or closed by order.
 * The real room, over real sockets, is what e2e/ tests with.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as sync from "y-protocols/sync";
import * as Y from "yjs";
import {
  RIPPLE_MESSAGE,
  encodeRoomMessage,
  readClientMessage,
  type RoomMessage,
} from "../../protocol/messages";

const SYNC = 0;
const AWARENESS = 1;

export interface AwarenessEntry {
  clientId: number;
  clock: number;
  state: Record<string, unknown> | null;
}

/** What the provider uses of a browser's WebSocket. */
class MemorySocket extends EventTarget {
  readonly OPEN = 1;
  binaryType = "arraybuffer";
  readyState = 0;

  constructor(
    readonly url: string,
    readonly room: MemoryRoom,
  ) {
    super();
    room.sockets.push(this);
  }

  send(frame: Uint8Array) {
    if (this.readyState === 1) this.room.receive(this, frame.slice());
  }

  close() {
    this.end(1000);
  }

  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  deliver(frame: Uint8Array) {
    if (this.readyState !== 1) return;
    this.dispatchEvent(Object.assign(new Event("message"), { data: frame.slice().buffer }));
  }

  end(code: number) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

export class MemoryRoom {
  readonly doc = new Y.Doc();
  readonly sockets: MemorySocket[] = [];
  readonly awareness: AwarenessEntry[] = [];
  readonly barriers: number[] = [];
  /** Updates that came by themselves, not as an answer to the room's sync step 1. */
  readonly updates: Uint8Array[] = [];
  bytesIn = 0;
  /** What it answers barriers with by itself: as a room does that has nothing to write, or that takes no edits. */
  answersBarriers: false | "saved" | "readOnly" = false;

  /** To be given to a session as its WebSocket. */
  get WebSocket(): typeof WebSocket {
    const openSocket = (url: string) => new MemorySocket(url, this);
    function RoomSocket(url: string) {
      return openSocket(url);
    }
    return RoomSocket as unknown as typeof WebSocket;
  }

  get last(): MemorySocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("nobody has connected");
    return socket;
  }

  /** Takes the last connection in, as y-partykit does: the room's sync step 1 comes first. */
  accept() {
    this.last.open();
    this.last.deliver(frame(SYNC, (encoder) => sync.writeSyncStep1(encoder, this.doc)));
  }

  /** Tells the last connection of somebody else's awareness entry. */
  introduce({ clientId, clock, state }: AwarenessEntry) {
    const update = encoding.createEncoder();
    encoding.writeVarUint(update, 1);
    encoding.writeVarUint(update, clientId);
    encoding.writeVarUint(update, clock);
    encoding.writeVarString(update, JSON.stringify(state));
    const bytes = encoding.toUint8Array(update);
    this.last.deliver(frame(AWARENESS, (encoder) => encoding.writeVarUint8Array(encoder, bytes)));
  }

  /** Sends one of Ripple's own messages to the last connection. */
  say(message: RoomMessage) {
    this.last.deliver(encodeRoomMessage(message));
  }

  /** Sends the last connection all that there is, as an update. */
  fanOut() {
    const update = Y.encodeStateAsUpdate(this.doc);
    this.last.deliver(frame(SYNC, (encoder) => sync.writeUpdate(encoder, update)));
  }

  receive(socket: MemorySocket, bytes: Uint8Array) {
    const decoder = decoding.createDecoder(bytes);
    this.bytesIn += bytes.byteLength;
    switch (decoding.readVarUint(decoder)) {
      case SYNC: {
        if (decoding.peekVarUint(decoder) === sync.messageYjsUpdate) this.updates.push(bytes);
        const reply = frame(SYNC, (encoder) => sync.readSyncMessage(decoder, encoder, this.doc, socket));
        if (reply.length > 1) socket.deliver(reply);
        return;
      }
      case AWARENESS:
        this.awareness.push(...readEntries(decoding.readVarUint8Array(decoder)));
        return;
      case RIPPLE_MESSAGE: {
        const message = readClientMessage(decoder);
        if (message === null) return;
        this.barriers.push(message.barrier);
        if (this.answersBarriers === "saved") this.say({ kind: "saved", barrier: message.barrier });
        if (this.answersBarriers === "readOnly") this.say({ kind: "notSaved", reason: "readOnly" });
      }
    }
  }
}

function frame(type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

function readEntries(update: Uint8Array): AwarenessEntry[] {
  const decoder = decoding.createDecoder(update);
  return Array.from({ length: decoding.readVarUint(decoder) }, () => ({
    clientId: decoding.readVarUint(decoder),
    clock: decoding.readVarUint(decoder),
    state: JSON.parse(decoding.readVarString(decoder)) as AwarenessEntry["state"],
  }));
}
