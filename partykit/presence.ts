import type * as Party from "partykit/server";
import { CLOSE } from "../protocol/close-codes";
import { parseWorkspaceRoomId } from "../protocol/rooms";
import { admitConnectionTo, admitServiceTo, readGrant } from "./access";
import { Lobby, type PresenceTiming } from "./presence/lobby";

const isRoomId = (id: string) => parseWorkspaceRoomId(id) !== null;

/**
 * The `presence` party: one room for each workspace, in memory only.
 *
 *   WebSocket   people who are in the workspace, with a token for it
 *   GET         operators, with the service secret: how many tabs there are
 */
export default class PresenceServer implements Party.Server {
  static onBeforeConnect = admitConnectionTo(isRoomId);
  static onBeforeRequest = admitServiceTo(isRoomId);

  readonly #lobby: Lobby;

  /** `timing` is for tests that cannot wait; PartyKit passes nothing. */
  constructor(_party: Party.Room, timing: Partial<PresenceTiming> = {}) {
    this.#lobby = new Lobby(timing);
  }

  onConnect(socket: Party.Connection, { request }: Party.ConnectionContext): void {
    const grant = readGrant(request);
    if (grant === null) socket.close(CLOSE.notAdmitted.code, CLOSE.notAdmitted.reason);
    else this.#lobby.join(socket, grant);
  }

  onRequest(request: Party.Request): Response {
    return request.method === "GET"
      ? Response.json({ connections: this.#lobby.connections })
      : new Response("GET", { status: 405, headers: { allow: "GET" } });
  }
}

PresenceServer satisfies Party.Worker;
