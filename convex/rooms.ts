/** Which rooms there are, for operators: see `protocol/backup.ts`. */
import { v, type Infer } from "convex/values";
import type { RoomPage } from "../protocol/backup";
import { RESOURCE_KINDS, roomIdFor } from "../protocol/rooms";
import { internal } from "./_generated/api";
import { internalQuery } from "./_generated/server";
import { refuse, serviceAction } from "./servers";
import { resourceKind } from "./validators";

/** Ids in one answer. A million rooms are a thousand requests. */
const PAGE_SIZE = 1_000;

/** `GET {ROOMS_PATH}`: a page of the ids of all rooms that something has. */
export const listRooms = serviceAction(async (ctx, request) => {
  const { searchParams } = new URL(request.url);
  const kind = RESOURCE_KINDS.find((known) => known === searchParams.get("kind"));
  if (kind === undefined) return refuse(400, "no kind of room");
  const page = await ctx.runQuery(internal.rooms.page, { kind, cursor: searchParams.get("cursor") });
  return Response.json(page satisfies RoomPage, { headers: { "cache-control": "no-store" } });
});

const roomPage = v.object({ roomIds: v.array(v.string()), cursor: v.union(v.string(), v.null()) });

export const page = internalQuery({
  args: { kind: resourceKind, cursor: v.union(v.string(), v.null()) },
  returns: roomPage,
  handler: async (ctx, { kind, cursor }): Promise<Infer<typeof roomPage>> => {
    const found = await ctx.db
      .query("resources")
      .withIndex("by_kind", (q) => q.eq("kind", kind))
      .paginate({ cursor, numItems: PAGE_SIZE });
    return {
      roomIds: found.page.map(({ _id }) => roomIdFor(kind, _id)),
      cursor: found.isDone ? null : found.continueCursor,
    };
  },
});
