/**
 * Telling PartyKit that a document is gone: the room then closes its sockets, empties its storage and leaves a
 * tombstone (`partykit/room/keeper.ts`). PartyKit may be down or the request may get lost, so a burial stays on the
 * list until a room has answered. An attempt is a mutation, which Convex runs exactly once: it starts the action that
 * asks the room, which may fail or never end, and calls for the next attempt, which finds the list empty if all is well.
 */
import { v } from "convex/values";
import { internal } from "./_generated/api";
import { internalAction, internalMutation, type MutationCtx } from "./_generated/server";
import { askRoom } from "./room_door";

const RETRY_FIRST_MS = 5_000;
const RETRY_MAX_MS = 60 * 60 * 1000;

export async function buryRoom(ctx: MutationCtx, roomId: string): Promise<void> {
  const burialId = await ctx.db.insert("burials", { roomId });
  await ctx.scheduler.runAfter(0, internal.burials.attempt, { burialId, number: 0 });
}

export const attempt = internalMutation({
  args: { burialId: v.id("burials"), number: v.number() },
  returns: v.null(),
  handler: async (ctx, { burialId, number }) => {
    const burial = await ctx.db.get(burialId);
    if (burial === null) return null;
    await ctx.scheduler.runAfter(0, internal.burials.ask, { burialId, roomId: burial.roomId });
    const wait = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** number);
    await ctx.scheduler.runAfter(wait, internal.burials.attempt, { burialId, number: number + 1 });
    return null;
  },
});

/** Throws if the room did not do it: Convex logs that, and the next attempt is on its way. */
export const ask = internalAction({
  args: { burialId: v.id("burials"), roomId: v.string() },
  returns: v.null(),
  handler: async (ctx, { burialId, roomId }) => {
    const response = await askRoom("DELETE", roomId);
    if (response.status !== 204) throw new Error(`a room was not buried: status ${response.status}`);
    await ctx.runMutation(internal.burials.done, { burialId });
    return null;
  },
});

export const done = internalMutation({
  args: { burialId: v.id("burials") },
  returns: v.null(),
  handler: async (ctx, { burialId }) => {
    if ((await ctx.db.get(burialId)) !== null) await ctx.db.delete(burialId);
    return null;
  },
});
