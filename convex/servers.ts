/**
 * The doors of HTTP actions that only servers use. A browser names the page that asks in every request to another
 * site, so a request with an Origin is none of a server: it is refused before anything is read, and without the CORS
 * headers that would let the page see even that. Our own page has no business here either; it calls functions.
 */
import { httpAction, type ActionCtx } from "./_generated/server";

/** The part of Convex's runtime that this file needs; it has no other global of Node. */
declare const process: { env: { ROOM_SERVICE_SECRET?: string; ROOM_SERVICE_SECRET_SECOND?: string } };

type Handler = (ctx: ActionCtx, request: Request) => Promise<Response>;

/** An HTTP action that refuses browsers. Who else asks is the handler's to find out. */
export function serverAction(handler: Handler) {
  return httpAction((ctx: ActionCtx, request) =>
    request.headers.has("origin")
      ? Promise.resolve(refuse(403, "this door is not for browsers"))
      : handler(ctx, request),
  );
}

/** An HTTP action for PartyKit and operators: those who have the service secret. */
export function serviceAction(handler: Handler) {
  return serverAction(async (ctx, request) =>
    (await hasServiceSecret(request))
      ? handler(ctx, request)
      : refuse(401, "the service secret is missing or wrong"),
  );
}

/** A refusal in words. Not to be kept by anything in between. */
export function refuse(status: number, message: string): Response {
  return Response.json({ message }, { status, headers: { "cache-control": "no-store" } });
}

/** While the secret is being replaced there is a second one, which is as good. */
async function hasServiceSecret(request: Request): Promise<boolean> {
  const { ROOM_SERVICE_SECRET: first = "", ROOM_SERVICE_SECRET_SECOND: second = "" } = process.env;
  if (first === "") throw new Error("ROOM_SERVICE_SECRET is not set");
  const given = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
  if (given === undefined) return false;
  const secrets = second === "" ? [first] : [first, second];
  const equal = await Promise.all(secrets.map((secret) => equalInConstantTime(given, secret)));
  return equal.includes(true);
}

/** Digests are compared, and whole: the time it takes says nothing about where the two differ. */
async function equalInConstantTime(given: string, secret: string): Promise<boolean> {
  const [left, right] = await Promise.all([digest(given), digest(secret)]);
  return left.reduce((difference, byte, i) => difference | (byte ^ (right[i] ?? 0)), 0) === 0;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}
