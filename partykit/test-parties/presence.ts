/** The presence party with a clock that tests can wait for. Not deployed. */
import type * as Party from "partykit/server";
import PresenceServer from "../presence";

export default class FastPresenceServer extends PresenceServer {
  constructor(party: Party.Room) {
    super(party, { housekeepingMs: 50, askAfterMs: 300, giveUpAfterMs: 900 });
  }
}
