import type * as Party from "partykit/server";
import { CLOSE } from "../protocol/close-codes";
import { admitConnection, admitService, readGrant } from "./access";
import { Room } from "./room/room";

/** The `main` party: one room for each document or diagram. */
export default class RoomServer implements Party.Server {
  static onBeforeConnect = admitConnection;
  static onBeforeRequest = admitService;

  readonly #room: Room;

  constructor(party: Party.Room) {
    this.#room = new Room(party);
  }

  async onConnect(socket: Party.Connection, { request }: Party.ConnectionContext): Promise<void> {
    const grant = readGrant(request);
    if (grant === null) socket.close(CLOSE.notAdmitted.code, CLOSE.notAdmitted.reason);
    else await this.#room.join(socket, grant);
  }

  onRequest(): Response {
    return new Response(null, { status: 204 });
  }
}

RoomServer satisfies Party.Worker;
