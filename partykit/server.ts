import type * as Party from "partykit/server";
import { CLOSE } from "../protocol/close-codes";
import { parseRoomId } from "../protocol/rooms";
import { admitConnectionTo, admitServiceTo, readGrant, roomIdOf } from "./access";
import { answerHealth } from "./health";
import { Room, type RoomTiming } from "./room/room";

const isRoomId = (id: string) => parseRoomId(id) !== null;

/**
 * The `main` party: one room for each document or diagram.
 *
 *   WebSocket      people, with a collaboration token
 *   GET, DELETE    Convex and operators, with the service secret: look inside; bury the document
 */
export default class RoomServer implements Party.Server {
  static onBeforeConnect = admitConnectionTo(isRoomId);
  static onBeforeRequest = admitServiceTo(isRoomId);
  static onFetch = answerHealth;

  readonly #room: Room;

  /** `timing` is for tests that cannot wait; PartyKit passes nothing. */
  constructor(party: Party.Room, timing: Partial<RoomTiming> = {}) {
    this.#room = new Room(party, timing);
  }

  async onConnect(socket: Party.Connection, { request }: Party.ConnectionContext): Promise<void> {
    const grant = readGrant(request);
    if (grant === null) socket.close(CLOSE.notAdmitted.code, CLOSE.notAdmitted.reason);
    else await this.#room.join(roomIdOf(request), socket, grant);
  }

  async onRequest(request: Party.Request): Promise<Response> {
    switch (request.method) {
      case "GET":
        return Response.json(this.#room.figures);
      case "DELETE":
        await this.#room.delete();
        return new Response(null, { status: 204 });
      default:
        return new Response("GET or DELETE", { status: 405, headers: { allow: "GET, DELETE" } });
    }
  }

  async onAlarm(): Promise<void> {
    await this.#room.onAlarm();
  }
}

RoomServer satisfies Party.Worker;
