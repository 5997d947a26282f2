/**
 * How somebody gets into a room: the two steps of `protocol/access.ts` that Convex does. The page asks for a
 * token, and PartyKit asks, token in hand, what its bearer may do now.
 */
import { v, type Infer } from "convex/values";
import { AccessRequest, type AccessGrant } from "../protocol/access";
import { colorForUser } from "../protocol/colors";
import { parseRoomId, parseWorkspaceRoomId, roomIdFor, workspaceRoomIdFor } from "../protocol/rooms";
import type { Role } from "../protocol/roles";
import { internal } from "./_generated/api";
import type { Id } from "./_generated/dataModel";
import { action, internalQuery, type QueryCtx } from "./_generated/server";
import { accessTo, isInWorkspace, requireAccess, requireWorkspace } from "./access";
import { serverAction } from "./servers";
import { issueToken, verifyToken } from "./token";
import { resourceKind, role } from "./validators";

/**
 * A token for the room of a document or diagram that the caller may open. `expiresAt` is in milliseconds since
 * 1970. Throws `unauthenticated`, `forbidden` or `not_found`, as `requireAccess` does.
 */
export const getCollaborationToken = action({
  args: { resourceType: resourceKind, resourceId: v.string() },
  returns: v.object({ token: v.string(), roomId: v.string(), expiresAt: v.number() }),
  handler: async (ctx, args): Promise<{ token: string; roomId: string; expiresAt: number }> => {
    const claims = await ctx.runQuery(internal.collaboration.claimsForCaller, args);
    return { roomId: claims.room, ...(await issueToken(claims)) };
  },
});

/** What the caller's token says. The room is named by the stored id, not by how the caller spelt it. */
export const claimsForCaller = internalQuery({
  args: { resourceType: resourceKind, resourceId: v.string() },
  returns: v.object({ sub: v.id("users"), room: v.string() }),
  handler: async (ctx, { resourceType, resourceId }) => {
    const { user, resource } = await requireAccess(ctx, resourceType, resourceId, "viewer");
    return { sub: user._id, room: roomIdFor(resourceType, resource._id) };
  },
});

/**
 * A token for the presence room of a workspace that the caller is in, as `getCollaborationToken` gives one for a
 * document. Throws as `requireWorkspace` does.
 */
export const getPresenceToken = action({
  args: { workspaceId: v.string() },
  returns: v.object({ token: v.string(), roomId: v.string(), expiresAt: v.number() }),
  handler: async (ctx, args): Promise<{ token: string; roomId: string; expiresAt: number }> => {
    const claims = await ctx.runQuery(internal.collaboration.presenceClaimsForCaller, args);
    return { roomId: claims.room, ...(await issueToken(claims)) };
  },
});

export const presenceClaimsForCaller = internalQuery({
  args: { workspaceId: v.string() },
  returns: v.object({ sub: v.id("users"), room: v.string() }),
  handler: async (ctx, { workspaceId }) => {
    const { user, workspace } = await requireWorkspace(ctx, workspaceId, "member");
    return { sub: user._id, room: workspaceRoomIdFor(workspace._id) };
  },
});

/**
 * `POST {ACCESS_PATH}`: what the bearer of a token may do in a room now. 200 with an `AccessGrant`; 401 no
 * token, or none for this room; 400 no such room can exist; 403 no access; 404 nothing there.
 */
export const decideAccess = serverAction(async (ctx, request) => {
  const claims = await verifyToken(bearerToken(request));
  if (claims === null) return answer(401, { message: "the token is missing, not genuine or expired" });

  const body = AccessRequest.safeParse(await readJson(request));
  if (!body.success || !isRoomId(body.data.roomId)) {
    return answer(400, { message: "this is not the id of a room" });
  }
  const { roomId } = body.data;
  if (claims.room !== roomId) return answer(401, { message: "the token is for another room" });

  const decision = await ctx.runQuery(internal.collaboration.decide, { userId: claims.sub, roomId });
  switch (decision.kind) {
    case "granted":
      return answer(200, decision.grant satisfies AccessGrant);
    case "denied":
      return answer(403, { message: "no access" });
    case "missing":
      return answer(404, { message: "nothing has this id" });
  }
});

const accessDecision = v.union(
  v.object({
    kind: v.literal("granted"),
    grant: v.object({ userId: v.id("users"), name: v.string(), color: v.string(), role }),
  }),
  v.object({ kind: v.literal("denied") }),
  v.object({ kind: v.literal("missing") }),
);

/** The identity that a room shows of a user, and what they may do there, as of now. */
export const decide = internalQuery({
  args: { userId: v.string(), roomId: v.string() },
  returns: accessDecision,
  handler: async (ctx, { userId, roomId }): Promise<Infer<typeof accessDecision>> => {
    const id = ctx.db.normalizeId("users", userId);
    const user = id === null ? null : await ctx.db.get(id);
    if (user === null) return { kind: "denied" };
    const access = await accessToRoom(ctx, user._id, roomId);
    switch (access.kind) {
      case "granted":
        return {
          kind: "granted",
          grant: { userId: user._id, name: user.name, color: colorForUser(user._id), role: access.role },
        };
      case "denied":
      case "trashed":
        return { kind: "denied" };
      case "missing":
      case "malformed":
        return { kind: "missing" };
    }
  },
});

type RoomAccess = { kind: "granted"; role: Role } | { kind: "denied" | "trashed" | "missing" | "malformed" };

/** Whoever is in a workspace, other than as a guest, is seen there. Nothing can be written in its room, so nobody is more than a viewer. */
async function accessToRoom(ctx: QueryCtx, userId: Id<"users">, roomId: string): Promise<RoomAccess> {
  const room = parseRoomId(roomId);
  if (room !== null) return accessTo(ctx, userId, room.kind, room.resourceId);
  const workspaceId = ctx.db.normalizeId("workspaces", parseWorkspaceRoomId(roomId) ?? "");
  if (workspaceId === null) return { kind: "malformed" };
  return (await isInWorkspace(ctx, userId, workspaceId))
    ? { kind: "granted", role: "viewer" }
    : { kind: "denied" };
}

function isRoomId(roomId: string): boolean {
  return parseRoomId(roomId) !== null || parseWorkspaceRoomId(roomId) !== null;
}

/** The empty string, which no token is, if there is none. */
function bearerToken(request: Request): string {
  return /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
}

/** The body as JSON; `undefined`, which no schema accepts, if it is none. */
async function readJson(request: Request): Promise<unknown> {
  const text = await request.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function answer(status: number, body: AccessGrant | { message: string }): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store" } });
}
