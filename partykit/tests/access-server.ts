/**
 * Convex's half of the access check and of backups, for the party's own tests: a real HTTP server on loopback that
 * says what the test wants it to say, the failures included. The real Convex functions have their own tests, and
 * are tested end to end in e2e/.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { SignJWT } from "jose";
import {
  ACCESS_PATH,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  type AccessGrant,
} from "../../protocol/access";
import { BACKUP_NUMBER_HEADER, BACKUP_PATH } from "../../protocol/backup";
import { colorForUser } from "../../protocol/colors";
import type { Role } from "../../protocol/roles";

export const TOKEN_SECRET = "a secret for tests, long enough for HS256";
export const SERVICE_SECRET = "another secret for tests";
/** Where the page is that rooms are open to. */
export const SITE_URL = "https://ripple.example.com";

/** Answers one access request in its own way: slow, half, not at all. */
export type Answer = (response: ServerResponse) => void;

/** The same for a backup that is sent or fetched; `false` leaves the request to the server. */
export type BackupAnswer = (response: ServerResponse, request: IncomingMessage) => unknown;

export interface AccessServer {
  /** What a party under test gets as its environment. */
  vars: Record<string, string>;
  /** Requests for a decision so far. */
  asked: number;
  /** Overrides the role that a user id names, or the whole answer. */
  roles: Map<string, Role | "none">;
  answer: Answer | null;
  /** The newest backup of each room. */
  backups: Map<string, StoredBackup>;
  /** Overrides what requests for backups get. */
  answerBackup: BackupAnswer | null;
  close(): Promise<void>;
}

export interface StoredBackup {
  number: number;
  update: Buffer;
}

/** A user id names its role, `editor7`, unless `roles` says something else. Someone without one has no access. */
export async function startAccessServer(): Promise<AccessServer> {
  const state: Omit<AccessServer, "vars" | "close"> = {
    roles: new Map(),
    answer: null,
    asked: 0,
    backups: new Map(),
    answerBackup: null,
  };
  const server = createServer((request, response) => {
    if (request.url?.startsWith(`${BACKUP_PATH}?`) === true) {
      // A room that is killed in the middle of sending one has sent none.
      const serving = () => serveBackup(request, response, state.backups).catch(() => response.destroy());
      if (state.answerBackup === null || state.answerBackup(response, request) === false) void serving();
      return;
    }
    request.resume();
    if (request.url !== ACCESS_PATH) {
      response.writeHead(404).end();
      return;
    }
    state.asked += 1;
    if (state.answer !== null) {
      state.answer(response);
      return;
    }
    const userId = subject(request.headers.authorization ?? "");
    const role = state.roles.get(userId) ?? roleIn(userId);
    if (role === "none") response.writeHead(403).end();
    else response.setHeader("content-type", "application/json").end(JSON.stringify(grantFor(userId, role)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return Object.assign(state, {
    vars: {
      CONVEX_SITE_URL: `http://127.0.0.1:${address.port}`,
      COLLABORATION_TOKEN_SECRET: TOKEN_SECRET,
      ROOM_SERVICE_SECRET: SERVICE_SECRET,
      SITE_URL,
    },
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
  });
}

export function grantFor(userId: string, role: Role): AccessGrant {
  return { userId, name: `Name of ${userId}`, color: colorForUser(userId), role };
}

export interface TokenOptions {
  secret?: string;
  audience?: string;
  issuer?: string;
  /** Seconds before now at which it was issued, and its lifetime. */
  age?: number;
  lifetime?: number;
}

export function signToken(userId: string, room: string, options: TokenOptions = {}): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1000) - (options.age ?? 0);
  return new SignJWT({ room })
    .setProtectedHeader({ alg: TOKEN_ALGORITHM })
    .setSubject(userId)
    .setIssuer(options.issuer ?? TOKEN_ISSUER)
    .setAudience(options.audience ?? TOKEN_AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + (options.lifetime ?? 300))
    .sign(new TextEncoder().encode(options.secret ?? TOKEN_SECRET));
}

async function serveBackup(
  request: IncomingMessage,
  response: ServerResponse,
  backups: Map<string, StoredBackup>,
): Promise<void> {
  const query = new URL(request.url ?? "", "http://convex").searchParams;
  const room = query.get("room") ?? "";
  const stored = backups.get(room);
  if (request.headers.authorization !== `Bearer ${SERVICE_SECRET}`) {
    response.writeHead(401).end();
  } else if (request.method === "GET") {
    if (stored === undefined) response.writeHead(204).end();
    else response.setHeader(BACKUP_NUMBER_HEADER, stored.number).end(stored.update);
  } else {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const number = Number(query.get("number"));
    const isNewer = number > (stored?.number ?? 0);
    if (isNewer) backups.set(room, { number, update: Buffer.concat(chunks) });
    const newest = isNewer ? number : stored?.number;
    response.end(JSON.stringify({ kind: isNewer ? "stored" : "superseded", newest }));
  }
}

function subject(authorization: string): string {
  const payload = authorization.split(".")[1] ?? "";
  const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
  if (typeof claims === "object" && claims !== null && "sub" in claims && typeof claims.sub === "string") {
    return claims.sub;
  }
  throw new Error("a token without subject reached Convex");
}

function roleIn(userId: string): Role | "none" {
  const role = /^(owner|editor|commenter|viewer)/.exec(userId)?.[1];
  return (role as Role | undefined) ?? "none";
}
