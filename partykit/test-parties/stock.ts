/** y-partykit as its documentation has it, to compare with: anybody may enter. For tests only; not deployed. */
import type * as Party from "partykit/server";
import { onConnect } from "y-partykit";

export default class StockServer implements Party.Server {
  constructor(readonly party: Party.Room) {}

  onConnect(connection: Party.Connection): Promise<void> {
    return onConnect(connection, this.party, { persist: { mode: "snapshot" } });
  }
}

StockServer satisfies Party.Worker;
