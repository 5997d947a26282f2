/**
 * The rooms' backups, as `protocol/backup.ts` says: the newest snapshot of each room in file storage, and a row
 * that points at it. Only PartyKit comes here, with the service secret.
 */
import { v, type Infer } from "convex/values";
import { BACKUP_NUMBER_HEADER, parseBackupNumber, type BackupReceipt } from "../protocol/backup";
import { parseRoomId } from "../protocol/rooms";
import { internal } from "./_generated/api";
import { internalMutation, internalQuery, type QueryCtx } from "./_generated/server";
import { pathTo } from "./access";
import { refuse, serviceAction } from "./servers";

/** `POST {BACKUP_PATH}`: a snapshot, which replaces the stored one if its number is higher. */
export const storeSnapshot = serviceAction(async (ctx, request) => {
  const { searchParams } = new URL(request.url);
  const roomId = searchParams.get("room") ?? "";
  const number = parseBackupNumber(searchParams.get("number"));
  if (parseRoomId(roomId) === null || number === null) return refuse(400, "no room id, or no number");

  // Asked before the file is stored too, so that a late or stray snapshot costs no storage.
  const before = await ctx.runQuery(internal.snapshots.newest, { roomId });
  if (before.kind === "missing") return refuse(404, "nothing has this id");
  const known = before.kind === "found" ? before.number : 0;
  if (number <= known) return answer({ kind: "superseded", newest: known });

  const fileId = await ctx.storage.store(await request.blob());
  const outcome = await ctx.runMutation(internal.snapshots.point, { roomId, number, fileId });
  return outcome.kind === "missing" ? refuse(404, "nothing has this id") : answer(outcome);
});

/** `GET {BACKUP_PATH}`: the newest snapshot. "None" and "lost" are different answers. */
export const fetchSnapshot = serviceAction(async (ctx, request) => {
  const roomId = new URL(request.url).searchParams.get("room") ?? "";
  if (parseRoomId(roomId) === null) return refuse(400, "no room id");

  const newest = await ctx.runQuery(internal.snapshots.newest, { roomId });
  switch (newest.kind) {
    case "missing":
      return refuse(404, "nothing has this id");
    case "none":
      return new Response(null, { status: 204 });
    case "found": {
      const file = await ctx.storage.get(newest.fileId);
      if (file === null) return refuse(500, "the file of the newest snapshot is lost");
      return new Response(file, {
        headers: { [BACKUP_NUMBER_HEADER]: String(newest.number), "cache-control": "no-store" },
      });
    }
  }
});

const newestSnapshot = v.union(
  v.object({ kind: v.literal("found"), number: v.number(), fileId: v.id("_storage") }),
  v.object({ kind: v.literal("none") }),
  v.object({ kind: v.literal("missing") }),
);

/** The newest snapshot of a room; `missing` if nothing has the room's id. */
export const newest = internalQuery({
  args: { roomId: v.string() },
  returns: newestSnapshot,
  handler: async (ctx, { roomId }): Promise<Infer<typeof newestSnapshot>> => {
    if (!(await hasResource(ctx, roomId))) return { kind: "missing" };
    const snapshot = await snapshotOf(ctx, roomId);
    return snapshot === null
      ? { kind: "none" }
      : { kind: "found", number: snapshot.number, fileId: snapshot.fileId };
  },
});

const pointOutcome = v.union(
  v.object({ kind: v.union(v.literal("stored"), v.literal("superseded")), newest: v.number() }),
  v.object({ kind: v.literal("missing") }),
);

/** Makes a stored file the newest snapshot, and deletes the one before it; or deletes the file, if it came late. */
export const point = internalMutation({
  args: { roomId: v.string(), number: v.number(), fileId: v.id("_storage") },
  returns: pointOutcome,
  handler: async (ctx, { roomId, number, fileId }): Promise<Infer<typeof pointOutcome>> => {
    const exists = await hasResource(ctx, roomId);
    const snapshot = await snapshotOf(ctx, roomId);
    if (!exists || (snapshot !== null && number <= snapshot.number)) {
      await ctx.storage.delete(fileId);
      return exists ? { kind: "superseded", newest: snapshot?.number ?? 0 } : { kind: "missing" };
    }
    if (snapshot === null) {
      await ctx.db.insert("snapshots", { roomId, number, fileId });
    } else {
      await ctx.db.patch(snapshot._id, { number, fileId });
      // It may be lost already; then there is nothing to delete.
      if ((await ctx.db.system.get(snapshot.fileId)) !== null) await ctx.storage.delete(snapshot.fileId);
    }
    return { kind: "stored", newest: number };
  },
});

function snapshotOf(ctx: QueryCtx, roomId: string) {
  return ctx.db
    .query("snapshots")
    .withIndex("by_room", (q) => q.eq("roomId", roomId))
    .unique();
}

/** Whether what the room holds still exists: in the trash it does, deleted for good or with what it lay in it does not. */
async function hasResource(ctx: QueryCtx, roomId: string): Promise<boolean> {
  const room = parseRoomId(roomId);
  const id = room === null ? null : ctx.db.normalizeId("resources", room.resourceId);
  const resource = id === null ? null : await ctx.db.get(id);
  if (resource === null || resource.kind !== room?.kind) return false;
  return (await pathTo(ctx, resource)) !== null;
}

function answer(receipt: BackupReceipt): Response {
  return Response.json(receipt, { headers: { "cache-control": "no-store" } });
}
