/**
 * Keeps a room's document through its life: loads it for the first who comes, lets it go after the last has left
 * and everything is on the disk, has it backed up, and buries it when it was deleted.
 *
 * A failed load is not remembered, so the next one who comes tries anew. A deleted document leaves a tombstone in
 * the room's storage, which every load looks at first: nothing that comes late brings it back.
 */
import type * as Party from "partykit/server";
import type { RoomFigures } from "../../protocol/room-figures";
import { Backup, type BackupTiming } from "./backup";
import { convexBackups } from "./convex-backups";
import { encodeStored, RoomDocument } from "./document";
import { deleteAll } from "./log-format";

const TOMBSTONE_KEY = "ripple:deleted";

export type Opening = { kind: "open"; document: RoomDocument } | { kind: "deleted" };

export interface KeeperEvents {
  onUpdate(update: Uint8Array): void;
  /** Barriers may be answerable, or writing has begun to fail. */
  onProgress(): void;
  /** Whether somebody is in the room or on the way in. */
  isNeeded(): boolean;
}

export class Keeper {
  readonly #storage: Party.Storage;
  readonly #env: Record<string, unknown>;
  readonly #timing: BackupTiming;
  readonly #events: KeeperEvents;
  #opening: Promise<Opening> | null = null;
  #document: RoomDocument | null = null;
  #backup: Backup | null = null;
  #deleted = false;
  #durable = 0;

  constructor(party: Pick<Party.Room, "storage" | "env">, timing: BackupTiming, events: KeeperEvents) {
    this.#storage = party.storage;
    this.#env = party.env;
    this.#timing = timing;
    this.#events = events;
  }

  get document(): RoomDocument | null {
    return this.#document;
  }

  get figures(): Pick<RoomFigures, "document" | "backup"> {
    const journal = this.#document?.journal;
    return {
      document: journal
        ? {
            ...journal.figures,
            bytes: journal.documentBytes,
            updates: journal.appended,
            unsaved: journal.appended - journal.durable,
            failing: journal.failing,
          }
        : null,
      backup: this.#backup?.figures ?? null,
    };
  }

  /** The open document, loading it if nobody has. Throws if it cannot be loaded now. */
  open(roomId: string): Promise<Opening> {
    this.#opening ??= this.#load(roomId);
    return this.#opening;
  }

  /** The last one has left. The document stays open until everything is on the disk, and for whoever comes first. */
  async release(): Promise<void> {
    const document = this.#document;
    if (document === null || this.#deleted) return;
    await document.journal.settled();
    if (this.#document !== document || this.#isDeleted()) return;
    if (this.#events.isNeeded() || document.journal.isBusy) return;
    void this.#backup?.send();
    this.#close(document);
  }

  /** Buries the document. The room closes its sockets when this begins; nothing is written from then on. */
  async delete(): Promise<void> {
    this.#deleted = true;
    const backupStopped = this.#backup?.stop();
    await this.#storage.put(TOMBSTONE_KEY, { deletedAt: Date.now() });
    await this.#storage.sync();
    const document = this.#document;
    if (document !== null) {
      await document.journal.stop();
      this.#close(document);
    }
    await backupStopped;
    await this.#storage.deleteAlarm();
    const keys = [...(await this.#storage.list()).keys()].filter((key) => key !== TOMBSTONE_KEY);
    await deleteAll(this.#storage, keys);
  }

  /** The alarm that a backup set. The room's id is not to be had here. */
  async onAlarm(): Promise<void> {
    if (this.#deleted || (await this.#storage.get(TOMBSTONE_KEY)) !== undefined) return;
    await (await this.#openBackup(null))?.send();
  }

  async #load(roomId: string): Promise<Opening> {
    try {
      if (this.#isDeleted() || (await this.#storage.get(TOMBSTONE_KEY)) !== undefined)
        return { kind: "deleted" };
      const backup = await this.#openBackup(roomId);
      const document = await RoomDocument.open(this.#storage, roomId, {
        onUpdate: (update) => this.#events.onUpdate(update),
        onProgress: () => this.#progress(),
        restore: async () => (await backup?.restore()) ?? null,
      });
      if (this.#isDeleted()) {
        document.close();
        return { kind: "deleted" };
      }
      backup?.resume(Date.now());
      this.#durable = document.journal.durable;
      this.#document = document;
      return { kind: "open", document };
    } catch (error) {
      this.#opening = null;
      throw error;
    }
  }

  /** Asked again after each await: a deletion may have come in between. */
  #isDeleted(): boolean {
    return this.#deleted;
  }

  async #openBackup(roomId: string | null): Promise<Backup | null> {
    this.#backup ??= await Backup.open(roomId, this.#storage, convexBackups(this.#env), this.#timing, (id) =>
      this.#document === null ? encodeStored(this.#storage, id) : Promise.resolve(this.#document.encode()),
    );
    return this.#backup;
  }

  #progress(): void {
    const durable = this.#document?.journal.durable ?? this.#durable;
    if (durable > this.#durable) this.#backup?.touch(Date.now());
    this.#durable = durable;
    this.#events.onProgress();
  }

  #close(document: RoomDocument): void {
    document.close();
    this.#document = null;
    this.#opening = null;
  }
}
