/**
 * The rooms' backups, as `protocol/backup.ts` says: the newest snapshot of each room in file storage, and a row
 * that points at it. Only PartyKit comes here, with the service secret.
 */
import { v, type Infer } from "convex/values";
import { BACKUP_NUMBER_HEADER, parseBackupNumber, type BackupReceipt } from "../protocol/backup";
import { parseRoomId } from "../protocol/rooms";
import { internal } from "./_generated/api";
import type { Id } from "./_generated/dataModel";
import { internalMutation, internalQuery, type MutationCtx, type QueryCtx } from "./_generated/server";
import { pathTo } from "./access";
import { exampleUpdate } from "./examples";
import { refuse, serviceAction } from "./servers";
import { resourceKind } from "./validators";

/** `POST {BACKUP_PATH}`: a snapshot, which replaces the stored one if its number is higher. */
export const storeSnapshot = serviceAction(async (ctx, request) => {
  const { searchParams } = new URL(request.url);
  const roomId = searchParams.get("room") ?? "";
  const number = parseBackupNumber(searchParams.get("number"));
  if (parseRoomId(roomId) === null || number === null) return refuse(400, "no room id, or no number");

  // Asked before the file is stored too, so that a late or stray snapshot costs no storage.
  const before = await ctx.runQuery(internal.snapshots.newest, { roomId });
  if (before.kind === "missing") return refuse(404, "nothing has this id");
  const known = before.kind === "none" ? 0 : before.number;
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
      return snapshot(file, newest.number);
    }
    case "example":
      return snapshot(new Blob([exampleUpdate(newest.resourceKind).slice().buffer]), newest.number);
  }
});

function snapshot(content: Blob, number: number): Response {
  const headers = { [BACKUP_NUMBER_HEADER]: String(number), "cache-control": "no-store" };
  return new Response(content, { headers });
}

const newestSnapshot = v.union(
  v.object({ kind: v.literal("found"), number: v.number(), fileId: v.id("_storage") }),
  /** Nothing but what it began with. */
  v.object({ kind: v.literal("example"), number: v.number(), resourceKind }),
  v.object({ kind: v.literal("none") }),
  v.object({ kind: v.literal("missing") }),
);

/** The newest snapshot of a room; `missing` if nothing has the room's id. */
export const newest = internalQuery({
  args: { roomId: v.string() },
  returns: newestSnapshot,
  handler: async (ctx, { roomId }): Promise<Infer<typeof newestSnapshot>> => {
    const room = parseRoomId(roomId);
    if (room === null || !(await hasResource(ctx, roomId))) return { kind: "missing" };
    const row = await snapshotOf(ctx, roomId);
    if (row === null) return { kind: "none" };
    const { number, fileId } = row;
    return fileId === null
      ? { kind: "example", number, resourceKind: room.kind }
      : { kind: "found", number, fileId };
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
      await ctx.db.insert("snapshots", { roomId, number, fileId, at: Date.now() });
    } else {
      await ctx.db.patch(snapshot._id, { number, fileId, at: Date.now() });
      if (snapshot.fileId !== null) await deleteFile(ctx, snapshot.fileId);
    }
    return { kind: "stored", newest: number };
  },
});

/** A room's backups go with it. */
export async function removeSnapshot(ctx: MutationCtx, roomId: string): Promise<void> {
  const snapshot = await snapshotOf(ctx, roomId);
  if (snapshot === null) return;
  await ctx.db.delete(snapshot._id);
  if (snapshot.fileId !== null) await deleteFile(ctx, snapshot.fileId);
}

async function deleteFile(ctx: MutationCtx, fileId: Id<"_storage">): Promise<void> {
  // It may be lost already; then there is nothing to delete.
  if ((await ctx.db.system.get(fileId)) !== null) await ctx.storage.delete(fileId);
}

/**
 * When content last came from a room, in milliseconds since 1970: somebody has changed it shortly before. `null` if
 * nobody has yet.
 */
export async function lastChangeOf(ctx: QueryCtx, roomId: string): Promise<number | null> {
  return (await snapshotOf(ctx, roomId))?.at ?? null;
}

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
