/** The `main` party with one mistake: everybody who is let in may write. The smoke test must notice. Not deployed. */
import type * as Party from "partykit/server";
import { GRANT_HEADER } from "../../protocol/access";
import { readGrant } from "../access";
import RoomServer from "../server";

export default class ViewerWritesServer extends RoomServer {
  override async onConnect(socket: Party.Connection, { request }: Party.ConnectionContext): Promise<void> {
    const headers = new Headers(request.headers);
    headers.set(GRANT_HEADER, encodeURIComponent(JSON.stringify({ ...readGrant(request), role: "owner" })));
    const mistaken = new Proxy(request, {
      get: (target, key): unknown => (key === "headers" ? headers : Reflect.get(target, key)),
    });
    await super.onConnect(socket, { request: mistaken });
  }
}

ViewerWritesServer satisfies Party.Worker;
