/**
 * y-partykit as it comes, in snapshot mode. `GET` answers how many entries it has written to or deleted from its
 * storage, `{ storageWrites }`: the calls are counted on their way, and nothing else is changed.
 */
import type * as Party from "partykit/server";
import { onConnect } from "y-partykit";

export default class StockServer implements Party.Server {
  #storageWrites = 0;
  readonly #room: Party.Room;

  constructor(room: Party.Room) {
    this.#room = room;
    const { storage } = room;
    const put = storage.put.bind(storage) as (...args: unknown[]) => Promise<void>;
    const remove = storage.delete.bind(storage) as (...args: unknown[]) => Promise<boolean>;
    Object.assign(storage, {
      put: (...args: unknown[]) => {
        this.#storageWrites += 1;
        return put(...args);
      },
      delete: (...args: unknown[]) => {
        this.#storageWrites += 1;
        return remove(...args);
      },
    });
  }

  async onConnect(connection: Party.Connection): Promise<void> {
    await onConnect(connection, this.#room, { persist: { mode: "snapshot" } });
  }

  onRequest(): Response {
    return Response.json({ storageWrites: this.#storageWrites });
  }
}

StockServer satisfies Party.Worker;
