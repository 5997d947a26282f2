/** Knocking at a room's door without a browser, which would hide the answer's status. */
import { readdirSync } from "node:fs";
import { SignJWT } from "jose";
import { WebSocket } from "ws";
import {
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_LIFETIME_SECONDS,
  TOKEN_PARAM,
} from "../protocol/access";
import type { Stack } from "../scripts/stack";

/** The HTTP status of the upgrade: 101 when the door opened. The socket is closed at once. */
export async function knock(stack: Stack, roomId: string, token?: string): Promise<number> {
  const query = token === undefined ? "" : `?${new URLSearchParams({ [TOKEN_PARAM]: token })}`;
  const socket = new WebSocket(`ws://${stack.partykitHost}/parties/main/${roomId}${query}`);
  return new Promise((resolve, reject) => {
    socket.once("upgrade", ({ statusCode }) => {
      resolve(statusCode ?? 0);
    });
    socket.once("open", () => {
      socket.close();
    });
    socket.once("unexpected-response", (request, { statusCode }) => {
      request.destroy();
      resolve(statusCode ?? 0);
    });
    socket.once("error", reject);
  });
}

interface Forgery {
  secret?: string;
  audience?: string;
  /** Seconds from now; negative for a token that has expired. */
  lifetime?: number;
}

/** A token as Convex would issue it, except for what the forgery changes. */
export async function mintToken(
  stack: Stack,
  userId: string,
  roomId: string,
  { secret, audience = TOKEN_AUDIENCE, lifetime = TOKEN_LIFETIME_SECONDS }: Forgery = {},
): Promise<string> {
  const key = secret ?? stack.secrets.COLLABORATION_TOKEN_SECRET;
  if (key === undefined) throw new Error("the stack has no token secret");
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ room: roomId })
    .setProtectedHeader({ alg: TOKEN_ALGORITHM })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(audience)
    .setSubject(userId)
    .setIssuedAt(Math.min(now, now + lifetime))
    .setExpirationTime(now + lifetime)
    .sign(new TextEncoder().encode(key));
}

/**
 * The database of every room that there ever was: equal before and after means that no new one was touched. What is in
 * them says nothing, since those of earlier tests still work off what is left to do.
 */
export function listRooms(stack: Stack): string[] {
  return readdirSync(stack.partykitState, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sqlite"))
    .sort();
}
