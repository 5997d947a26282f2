import type * as Party from "partykit/server";
import { CONTENT_DOOR, RESTORE_DOOR, type Restoration } from "../protocol/backup";
import { CLOSE } from "../protocol/close-codes";
import { parseRoomId } from "../protocol/rooms";
import { admitConnectionTo, admitServiceTo, placeOf, readGrant } from "./access";
import { answerHealth } from "./health";
import { Room } from "./room/room";
import type { RoomTiming } from "./room/timing";

const isRoomId = (id: string) => parseRoomId(id) !== null;

/**
 * The `main` party: one room for each document or diagram.
 *
 *   WebSocket      people, with a collaboration token
 *   plain HTTP     Convex and operators, with the service secret
 *     GET, DELETE      look at the room's figures; bury the document
 *     GET  …/content   the document, and
 *     POST …/restore   back to its backup: both as protocol/backup.ts says
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
    else await this.#room.join(placeOf(request).roomId, socket, grant);
  }

  async onRequest(request: Party.Request): Promise<Response> {
    const { roomId, door } = placeOf(request);
    switch (`${request.method} ${door}`) {
      case "GET ":
        return Response.json(this.#room.figures);
      case "DELETE ":
        await this.#room.delete();
        return new Response(null, { status: 204 });
      case `GET ${CONTENT_DOOR}`:
        return await this.#content(roomId);
      case `POST ${RESTORE_DOOR}`:
        return await this.#restore(roomId);
      default:
        return new Response("there is no such door", { status: 405 });
    }
  }

  async #content(roomId: string): Promise<Response> {
    try {
      const update = await this.#room.read(roomId);
      return update === null ? gone() : new Response(update);
    } catch (error) {
      return unavailable(error);
    }
  }

  async #restore(roomId: string): Promise<Response> {
    try {
      const outcome = await this.#room.startOver(roomId);
      switch (outcome.kind) {
        case "startedOver":
          return Response.json({ number: outcome.number } satisfies Restoration);
        case "none":
          return new Response("there is no backup", { status: 409 });
        case "deleted":
          return gone();
        case "denied":
        case "failed":
          return new Response(outcome.reason, { status: 503 });
      }
    } catch (error) {
      return unavailable(error);
    }
  }

  async onAlarm(): Promise<void> {
    await this.#room.onAlarm();
  }
}

function gone(): Response {
  return new Response("the document was deleted", { status: 410 });
}

function unavailable(error: unknown): Response {
  console.error("the room could not load its document:", error);
  return new Response("the document could not be loaded", { status: 503 });
}

RoomServer satisfies Party.Worker;
