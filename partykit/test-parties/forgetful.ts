/**
 * A party with one mistake: it says "saved" and stores nothing. It is stock y-partykit on a storage that takes every
 * write and keeps none. The smoke test must notice. Not deployed.
 */
import * as decoding from "lib0/decoding";
import type * as Party from "partykit/server";
import { onConnect } from "y-partykit";
import { encodeRoomMessage, readClientMessage, RIPPLE_MESSAGE } from "../../protocol/messages";
import RoomServer from "../server";

export default class ForgetfulServer implements Party.Server {
  static onBeforeConnect = RoomServer.onBeforeConnect;
  static onBeforeRequest = RoomServer.onBeforeRequest;
  static onFetch = RoomServer.onFetch;

  readonly #party: Party.Room;

  constructor(party: Party.Room) {
    const storage = withoutDisk(party.storage);
    this.#party = new Proxy(party, {
      get: (target, key): unknown => (key === "storage" ? storage : Reflect.get(target, key)),
    });
  }

  onConnect(socket: Party.Connection): Promise<void> {
    socket.addEventListener("message", ({ data }) => {
      if (typeof data === "string") return;
      const decoder = decoding.createDecoder(new Uint8Array(data));
      if (decoding.readVarUint(decoder) !== RIPPLE_MESSAGE) return;
      const message = readClientMessage(decoder);
      if (message !== null) socket.send(encodeRoomMessage({ kind: "saved", barrier: message.barrier }));
    });
    return onConnect(socket, this.#party, { persist: { mode: "snapshot" } });
  }
}

function withoutDisk(storage: Party.Storage): Party.Storage {
  return new Proxy(storage, {
    get(target, key): unknown {
      switch (key) {
        case "get":
          return () => Promise.resolve(undefined);
        case "list":
          return () => Promise.resolve(new Map());
        case "put":
        case "delete":
          return () => Promise.resolve();
        default:
          return Reflect.get(target, key);
      }
    },
  });
}

ForgetfulServer satisfies Party.Worker;
