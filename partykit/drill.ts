/**
 * The `drill` party: whether a backup can be restored, found out by restoring it, as `protocol/backup.ts` says.
 *
 * Each request gets a room with a random id and empty storage. It does what a room does that has lost its storage, and
 * then what the next one who comes makes it do: load the document from its own disk. There is nobody to enter it, since
 * it takes no sockets, and nothing that it could harm: it is no room of the `main` party, and backs nothing up.
 * It leaves nothing: what it has stored is deleted before it answers, or by an alarm if it was killed before.
 */
import type * as Party from "partykit/server";
import { isDrillId } from "../protocol/backup";
import { BACKUP_MAX_BYTES } from "../protocol/limits";
import { admitServiceTo } from "./access";
import { RoomDocument } from "./room/document";

/** Far longer than any drill takes. */
const LEFTOVERS_AFTER_MS = 600_000;

export default class DrillServer implements Party.Server {
  static onBeforeConnect = () => new Response("nobody can enter a drill", { status: 403 });
  static onBeforeRequest = admitServiceTo(isDrillId);

  readonly #storage: Party.Storage;

  constructor(party: Party.Room) {
    this.#storage = party.storage;
  }

  async onRequest(request: Party.Request): Promise<Response> {
    if (request.method !== "POST") return new Response("POST", { status: 405, headers: { allow: "POST" } });
    const snapshot = new Uint8Array(await request.arrayBuffer());
    if (snapshot.byteLength > BACKUP_MAX_BYTES) return new Response("too large", { status: 413 });
    try {
      await this.#storage.setAlarm(Date.now() + LEFTOVERS_AFTER_MS);
      // y-partykit keeps documents by room id, in memory that drills may share.
      const roomId = `drill-${crypto.randomUUID()}`;
      const restored = await this.#open(roomId, snapshot);
      restored.close();
      const found = await this.#open(roomId, null);
      const update = found.encode();
      found.close();
      return new Response(update);
    } catch (error) {
      console.error("a drill has failed:", error);
      return new Response(error instanceof Error ? error.message : "unknown error", { status: 422 });
    } finally {
      await this.onAlarm();
    }
  }

  async onAlarm(): Promise<void> {
    await this.#storage.deleteAlarm();
    await this.#storage.deleteAll();
  }

  #open(roomId: string, backup: Uint8Array | null): Promise<RoomDocument> {
    return RoomDocument.open(this.#storage, roomId, {
      onUpdate: () => undefined,
      onProgress: () => undefined,
      restore: () => Promise.resolve(backup),
    });
  }
}

DrillServer satisfies Party.Worker;
