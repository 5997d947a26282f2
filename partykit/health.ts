/**
 * `GET /health`: whether this worker runs and has been told what it needs. 200 `{"status":"ok"}`, or 503 with the names
 * of the variables that are missing. It asks nobody else, so that anybody may call it as often as they like; that
 * rooms can be opened is what `npm run smoke` finds out.
 */
import type * as Party from "partykit/server";

const NEEDED = ["CONVEX_SITE_URL", "COLLABORATION_TOKEN_SECRET", "ROOM_SERVICE_SECRET"];

/** `static onFetch` of the party: sees what no party's address matches. `null` leaves it to PartyKit, for its 404. */
export function answerHealth(request: Party.Request, lobby: Party.FetchLobby): Response | null {
  if (new URL(request.url).pathname !== "/health") return null;
  const missing = NEEDED.filter((name) => typeof lobby.env[name] !== "string" || lobby.env[name] === "");
  const body = missing.length === 0 ? { status: "ok" } : { status: "not configured", missing };
  return Response.json(body, {
    status: missing.length === 0 ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}
