/** Where clients connect to, and how that server wants to be spoken to. */
export interface Target {
  flavor: "ripple" | "partykit" | "hocuspocus" | "y-websocket" | "floor";
  /** `127.0.0.1:port` */
  host: string;
}

export interface ClientPlan {
  /** Its number in the run; its Yjs client id follows from it. */
  index: number;
  room: string;
  /** How many are in that room, itself included. */
  people: number;
  /** A system's own provider, or a light client that only reads what it must. */
  official: boolean;
  /** Ripple's collaboration token. */
  token: string | null;
  editHz: number;
  moveHz: number;
  /** Opened only when the server has sent this much content; 0: when it has answered the first sync. */
  awaitBytes: number;
}

export function socketUrl({ flavor, host }: Target, { room, token }: ClientPlan): string {
  switch (flavor) {
    case "ripple":
    case "partykit":
    case "floor":
      return `ws://${host}/parties/main/${room}${token === null ? "" : `?token=${token}`}`;
    case "hocuspocus":
      return `ws://${host}/`;
    case "y-websocket":
      return `ws://${host}/${room}`;
  }
}
