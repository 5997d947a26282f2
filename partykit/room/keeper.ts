/**
 * Keeps a room's document through its life: loads it for the first who comes, lets it go after the last has left
 * and everything is on the disk, has it backed up, and buries it when it was deleted.
 *
 * A failed load is not remembered, so the next one who comes tries anew. A deleted document leaves a tombstone in
 * the room's storage, which every load looks at first: nothing that comes late brings it back. A document that is to
 * start over from its backup leaves a mark there too, so that a crash between the two leaves no half of the old one.
 */
import type * as Party from "partykit/server";
import type { RoomFigures } from "../../protocol/room-figures";
import { Backup, type BackupTiming } from "./backup";
import { convexBackups } from "./convex-backups";
import { encodeStored, RoomDocument } from "./document";
import { deleteAll } from "./log-format";

const TOMBSTONE_KEY = "ripple:deleted";

const STARTING_OVER_KEY = "ripple:startingOver";

export type Opening = { kind: "open"; document: RoomDocument } | { kind: "deleted" };

export type StartingOver =
  | { kind: "startedOver"; number: number }
  | { kind: "deleted" }
  /** There is no backup. */
  | { kind: "none" }
  | { kind: "denied" | "failed"; reason: string };

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
  #startingOver = false;
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
    if (this.#deleted) return Promise.resolve({ kind: "deleted" });
    return this.#opening ?? this.#remember(this.#load(roomId));
  }

  /**
   * Throws away what is stored, and loads the newest backup in its place. Calls `evict` when whoever is in the room has
   * to go, and does nothing at all if there is no backup to be had. Throws if the backup cannot be had any more when it
   * is needed; the room then takes it when the next one comes.
   */
  async startOver(roomId: string, evict: () => void): Promise<StartingOver> {
    if (this.#startingOver) return { kind: "failed", reason: "the room is starting over already" };
    if (this.#deleted || (await this.#storage.get(TOMBSTONE_KEY)) !== undefined) return { kind: "deleted" };
    const newest = await convexBackups(this.#env).newest(roomId);
    if (newest.kind !== "found") return newest;
    const opening = await this.#remember(this.#replace(roomId, this.#opening, evict));
    return opening.kind === "open" ? { kind: "startedOver", number: newest.number } : opening;
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
    await this.#mark(TOMBSTONE_KEY);
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
    // The document that was to be sent is not wanted any more.
    if (this.#startingOver || (await this.#storage.get(STARTING_OVER_KEY)) !== undefined) return;
    await (await this.#openBackup(null))?.send();
  }

  /** Until it fails: then the next one who comes tries anew. */
  #remember(opening: Promise<Opening>): Promise<Opening> {
    this.#opening = opening;
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = null;
    });
    return opening;
  }

  async #replace(roomId: string, before: Promise<Opening> | null, evict: () => void): Promise<Opening> {
    this.#startingOver = true;
    try {
      // Who is on the way in gets in, and out again with the others. A load that fails may be why this is done.
      await before?.catch((error: unknown) => {
        console.error("the document that is replaced could not be loaded:", error);
      });
      const document = this.#document;
      this.#document = null;
      evict();
      await this.#backup?.stop();
      this.#backup = null;
      await document?.journal.stop();
      document?.close();
      await this.#mark(STARTING_OVER_KEY);
      return await this.#load(roomId);
    } finally {
      this.#startingOver = false;
    }
  }

  async #load(roomId: string): Promise<Opening> {
    if (this.#isDeleted() || (await this.#storage.get(TOMBSTONE_KEY)) !== undefined)
      return { kind: "deleted" };
    if ((await this.#storage.get(STARTING_OVER_KEY)) !== undefined) await this.#empty();
    const backup = await this.#openBackup(roomId);
    const document = await RoomDocument.open(this.#storage, roomId, {
      onUpdate: (update) => {
        // Before the log is written, so that whatever is on the disk is known there to lack a backup.
        backup?.touch(Date.now());
        this.#events.onUpdate(update);
      },
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
  }

  /** Without reading what is there, which may be what fails. The mark goes with the rest, or stays with what is left. */
  async #empty(): Promise<void> {
    await this.#storage.deleteAlarm();
    try {
      await this.#storage.deleteAll();
    } catch (error) {
      await this.#mark(STARTING_OVER_KEY);
      throw error;
    }
    if (this.#deleted) await this.#mark(TOMBSTONE_KEY);
  }

  async #mark(key: typeof TOMBSTONE_KEY | typeof STARTING_OVER_KEY): Promise<void> {
    await this.#storage.put(key, { at: Date.now() });
    await this.#storage.sync();
  }

  /** Asked again after each await: a deletion may have come in between. */
  #isDeleted(): boolean {
    return this.#deleted;
  }

  async #openBackup(roomId: string | null): Promise<Backup | null> {
    this.#backup ??= await Backup.open(roomId, this.#storage, convexBackups(this.#env), this.#timing, (id) =>
      this.#encode(id),
    );
    return this.#backup;
  }

  /** What a backup holds. An alarm may ask for it in the moment in which storage is being emptied. */
  async #encode(roomId: string): Promise<Uint8Array> {
    if (this.#document !== null) return this.#document.encode();
    if (this.#startingOver) throw new Error("the document is starting over from its backup");
    return encodeStored(this.#storage, roomId);
  }

  #progress(): void {
    const durable = this.#document?.journal.durable ?? this.#durable;
    // Again: a backup that was encoded meanwhile may lack it.
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
