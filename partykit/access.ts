/**
 * The two doors of each party's rooms, both in the worker in front of it: a refused request never creates a room object.
 *
 *   WebSocket   `admitConnection`: the page that asks, if a browser does (origin.ts), room id, then the token's
 *               shape, signature and room, then Convex's decision *now*. Junk never reaches Convex. Whatever Convex
 *               answers that is not a clear yes is a no.
 *   plain HTTP  `admitService`: room id, then the service secret. Only Convex and operators come this way, so a
 *               browser is refused whatever page it shows: ours has no business here either.
 *
 * Who somebody is travels to the room in headers that this file sets itself, after deleting what a client sent
 * under such names.
 */
import { errors, jwtVerify } from "jose";
import type * as Party from "partykit/server";
import {
  ACCESS_PATH,
  ACCESS_TIMEOUT_MS,
  AccessGrant,
  GRANT_HEADER,
  SECRET_MIN_BYTES,
  TOKEN_PARAM,
  TOKEN_VERIFICATION,
  TokenClaims,
  tokenKey,
} from "../protocol/access";
import { parseRoomId } from "../protocol/rooms";
import { isForeign } from "./origin";

/** Every header that the room believes begins with this. */
const IDENTITY_HEADER_PREFIX = "x-ripple-";

type Refusal = { kind: "refused"; status: 400 | 401 | 403 | 503; reason: string };

type Decision = { kind: "granted"; grant: AccessGrant } | Refusal;

type Door = (request: Party.Request, lobby: Party.Lobby) => Promise<Party.Request | Response>;

/**
 * `static onBeforeConnect` of a party whose rooms have these ids: answers with the request for the room with the grant
 * in it, or with the refusal.
 */
export function admitConnectionTo(isRoomId: (id: string) => boolean): Door {
  return (request, lobby) => admitConnection(isRoomId, request, lobby);
}

/** `static onBeforeRequest` of such a party: answers with the request for the room, or with the refusal. */
export function admitServiceTo(isRoomId: (id: string) => boolean): Door {
  return (request, lobby) => admitService(isRoomId, request, lobby);
}

async function admitConnection(
  isRoomId: (id: string) => boolean,
  request: Party.Request,
  lobby: Party.Lobby,
): Promise<Party.Request | Response> {
  if (isForeign(request.headers.get("origin"), lobby.env.SITE_URL)) {
    return respond(refuse(403, "rooms are open to Ripple's own page only"));
  }
  if (!isRoomId(lobby.id)) return respond(refuse(400, "unknown kind of room, or bad id"));

  const token = new URL(request.url).searchParams.get(TOKEN_PARAM);
  const keys = tokenKeys(lobby);
  const convexUrl = setting(lobby, "CONVEX_SITE_URL");
  if (keys === null || convexUrl === null) return respond(refuse(503, "the server is not configured"));

  const claims = token === null ? null : await verifyToken(token, keys, lobby.id);
  if (token === null || claims === null) {
    return respond(refuse(401, "the token is missing, malformed, expired or for another room"));
  }

  const decision = await askConvex(convexUrl, token, lobby.id, claims);
  if (decision.kind === "refused") return respond(decision);

  removeIdentity(request);
  request.headers.set(GRANT_HEADER, encodeURIComponent(JSON.stringify(decision.grant)));
  return request;
}

async function admitService(
  isRoomId: (id: string) => boolean,
  request: Party.Request,
  lobby: Party.Lobby,
): Promise<Party.Request | Response> {
  if (request.headers.has("origin")) return respond(refuse(403, "this door is not for browsers"));
  if (!isRoomId(lobby.id)) return respond(refuse(400, "unknown kind of room, or bad id"));
  const secrets = secretsOf(lobby, "ROOM_SERVICE_SECRET");
  if (secrets === null) return respond(refuse(503, "the server is not configured"));
  const given = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
  if (given === undefined || !(await isOneOf(given, secrets))) {
    return respond(refuse(401, "the service secret is missing or wrong"));
  }
  removeIdentity(request);
  return request;
}

/** Reads, in the room, the grant that `admitConnection` put into the request. `null`: it did not see this one. */
export function readGrant(request: { headers: { get(name: string): string | null } }): AccessGrant | null {
  const header = request.headers.get(GRANT_HEADER);
  if (header === null) return null;
  try {
    const grant = AccessGrant.safeParse(JSON.parse(decodeURIComponent(header)));
    return grant.success ? grant.data : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof URIError) return null;
    throw error;
  }
}

/**
 * The id of the room that an admitted request is for, and what of the room it asks for: the empty string, or what
 * stands behind the id. PartyKit's own `room.id` cannot be read in an object that an alarm has woken, not even in the
 * requests that follow.
 */
export function placeOf(request: { url: string }): { roomId: string; door: string } {
  // `/parties/{party}/{room}`, or `/party/{room}` for the main one; PartyKit routes nothing else.
  const [first, ...rest] = new URL(request.url).pathname.split("/").slice(1);
  const [roomId, door = ""] = first === "party" ? rest : rest.slice(1);
  if (roomId === undefined || parseRoomId(roomId) === null) throw new Error("not a request for a room");
  return { roomId, door };
}

async function verifyToken(token: string, keys: Uint8Array[], roomId: string): Promise<TokenClaims | null> {
  for (const key of keys) {
    const claims = await verifyTokenWith(token, key, roomId);
    if (claims !== null) return claims;
  }
  return null;
}

async function verifyTokenWith(token: string, key: Uint8Array, roomId: string): Promise<TokenClaims | null> {
  try {
    const { payload } = await jwtVerify(token, key, TOKEN_VERIFICATION);
    const claims = TokenClaims.safeParse(payload);
    return claims.success && claims.data.room === roomId ? claims.data : null;
  } catch (error) {
    // Each of jose's own errors, from a bad signature to garbage in base64, means the same here: no.
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

async function askConvex(
  convexUrl: string,
  token: string,
  roomId: string,
  claims: TokenClaims,
): Promise<Decision> {
  let status: number;
  let body: unknown;
  try {
    const response = await fetch(`${convexUrl}${ACCESS_PATH}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ roomId }),
      redirect: "manual",
      // Covers the body too: a server that sends half an answer is as slow as one that sends none.
      signal: AbortSignal.timeout(ACCESS_TIMEOUT_MS),
    });
    status = response.status;
    const text = await response.text();
    body = status === 200 ? JSON.parse(text) : null;
  } catch (error) {
    return refuse(503, `no answer from Convex: ${error instanceof Error ? error.name : "unknown error"}`);
  }
  switch (status) {
    case 200: {
      const grant = AccessGrant.safeParse(body);
      return grant.success && grant.data.userId === claims.sub
        ? { kind: "granted", grant: grant.data }
        : refuse(503, "unexpected answer from Convex");
    }
    case 401:
      return refuse(401, "Convex does not take the token");
    case 403:
    case 404:
      return refuse(403, "no access to this room");
    default:
      return refuse(503, `unexpected answer from Convex: ${status}`);
  }
}

function refuse(status: Refusal["status"], reason: string): Refusal {
  return { kind: "refused", status, reason };
}

function respond({ status, reason }: Refusal): Response {
  return new Response(reason, { status });
}

function setting(lobby: Party.Lobby, name: string): string | null {
  const value = lobby.env[name];
  if (typeof value === "string" && value !== "") return value;
  console.error(`${name} is not set: nobody is admitted`);
  return null;
}

/** The secret, and while it is being replaced a second one: both are accepted. `null` if there is none. */
function secretsOf(lobby: Party.Lobby, name: string): string[] | null {
  const first = setting(lobby, name);
  const second = lobby.env[`${name}_SECOND`];
  if (first === null) return null;
  return typeof second === "string" && second !== "" ? [first, second] : [first];
}

/** The keys of the tokens that are taken. `null` if there is none, or if one is too short to be a key. */
function tokenKeys(lobby: Party.Lobby): Uint8Array[] | null {
  const keys: Uint8Array[] = [];
  for (const secret of secretsOf(lobby, "COLLABORATION_TOKEN_SECRET") ?? []) {
    const key = tokenKey(secret);
    if (key === null) {
      console.error(`a token secret has fewer than ${SECRET_MIN_BYTES} bytes: nobody is admitted`);
      return null;
    }
    keys.push(key);
  }
  return keys.length === 0 ? null : keys;
}

/** In place: PartyKit hands its hooks a copy of the incoming request, whose headers may be changed. */
function removeIdentity(request: Party.Request): void {
  for (const name of [...request.headers.keys()]) {
    if (name.startsWith(IDENTITY_HEADER_PREFIX)) request.headers.delete(name);
  }
}

async function isOneOf(given: string, secrets: string[]): Promise<boolean> {
  const equal = await Promise.all(secrets.map((secret) => equalInConstantTime(given, secret)));
  return equal.includes(true);
}

/** Digests first: the comparison's time then says nothing about where, or in which length, the two differ. */
async function equalInConstantTime(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([digest(a), digest(b)]);
  return crypto.subtle.timingSafeEqual(left, right);
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
