/** The rooms' own door for servers (`partykit/access.ts`), which the service secret opens. */
import { PARTY_PATH } from "../protocol/rooms";

/** The part of Convex's runtime that this file needs; it has no other global of Node. */
declare const process: { env: { PARTYKIT_URL?: string; ROOM_SERVICE_SECRET?: string } };

const ANSWER_TIMEOUT_MS = 20_000;

/** One request to a room; `place` is its id, and what follows it. Throws if it cannot be asked or does not answer. */
export async function askRoom(method: "GET" | "DELETE", place: string): Promise<Response> {
  const { PARTYKIT_URL: url, ROOM_SERVICE_SECRET: secret } = process.env;
  if (!url || !secret)
    throw new Error("PARTYKIT_URL or ROOM_SERVICE_SECRET is not set: no room can be asked");
  return fetch(`${url}${PARTY_PATH}/${place}`, {
    method,
    headers: { authorization: `Bearer ${secret}` },
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
}
