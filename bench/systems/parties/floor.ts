/**
 * The least that a server in workerd can do: every message goes to all others, as it is. No document, no storage.
 * `POST` leaves bytes that every newcomer is sent: the least that a join can cost.
 */
import type * as Party from "partykit/server";

export default class FloorServer implements Party.Server {
  readonly #room: Party.Room;
  #greeting: ArrayBuffer | null = null;

  constructor(room: Party.Room) {
    this.#room = room;
  }

  onConnect(connection: Party.Connection): void {
    if (this.#greeting !== null) connection.send(this.#greeting);
  }

  onMessage(message: string | ArrayBuffer, sender: Party.Connection): void {
    this.#room.broadcast(message, [sender.id]);
  }

  async onRequest(request: Party.Request): Promise<Response> {
    if (request.method === "POST") this.#greeting = await request.arrayBuffer();
    return new Response(null, { status: 204 });
  }
}

FloorServer satisfies Party.Worker;
