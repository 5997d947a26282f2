/**
 * `GET /health`: whether this worker runs and has been told what it needs. 200 `{"status":"ok"}`, or 503 with the names
 * of the variables that are missing or of no use. It asks nobody else, so that anybody may call it as often as they like; that
 * rooms can be opened is what `npm run smoke` finds out.
 */
import type * as Party from "partykit/server";
import { tokenKey } from "../protocol/access";

const NEEDED = ["CONVEX_SITE_URL", "COLLABORATION_TOKEN_SECRET", "ROOM_SERVICE_SECRET", "SITE_URL"];

const TOKEN_SECRETS = ["COLLABORATION_TOKEN_SECRET", "COLLABORATION_TOKEN_SECRET_SECOND"];

/** `static onFetch` of the party: sees what no party's address matches. `null` leaves it to PartyKit, for its 404. */
export function answerHealth(request: Party.Request, lobby: Party.FetchLobby): Response | null {
  if (new URL(request.url).pathname !== "/health") return null;
  const valueOf = (name: string) => {
    const value = lobby.env[name];
    return typeof value === "string" ? value : "";
  };
  const missing = NEEDED.filter((name) => valueOf(name) === "");
  const tooShort = TOKEN_SECRETS.filter((name) => valueOf(name) !== "" && tokenKey(valueOf(name)) === null);
  const isWell = missing.length === 0 && tooShort.length === 0;
  return Response.json(isWell ? { status: "ok" } : { status: "not configured", missing, tooShort }, {
    status: isWell ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}
