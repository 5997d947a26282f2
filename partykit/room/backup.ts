/**
 * When a room's snapshot goes to Convex: ten seconds after the last edit, thirty after the first at the latest,
 * and when the last one leaves. From the first edit on, an alarm is set that wakes the room until Convex has
 * accepted what it has, through restarts and with nobody there. Convex being down delays this, and nothing else.
 *
 * The number of a snapshot is stored before the snapshot is sent, so no two ever bear the same one. The room's id
 * is stored with it: in an alarm PartyKit does not say which room this is.
 */
import type * as Party from "partykit/server";
import * as z from "zod/mini";
import type { BackupFigures } from "../../protocol/room-figures";
import type { ConvexBackups } from "./convex-backups";

export const BACKUP_KEY = "ripple:backup";

export interface BackupTiming {
  quietMs: number;
  latestMs: number;
  retryFirstMs: number;
  retryMaxMs: number;
}

export const BACKUP_TIMING: BackupTiming = {
  quietMs: 10_000,
  latestMs: 30_000,
  retryFirstMs: 30_000,
  retryMaxMs: 600_000,
};

const BackupState = z.object({
  roomId: z.string(),
  /** Of the last snapshot that was sent or restored. */
  number: z.int().check(z.nonnegative()),
  /** Convex has not accepted what the room has. */
  pending: z.boolean(),
  /** Since when, in milliseconds since 1970. */
  pendingSince: z._default(z.nullable(z.number()), null),
});
type BackupState = z.infer<typeof BackupState>;

export class Backup {
  readonly #storage: Party.Storage;
  readonly #convex: ConvexBackups;
  readonly #timing: BackupTiming;
  readonly #encode: (roomId: string) => Promise<Uint8Array>;
  readonly #state: BackupState;
  #edits = 0;
  #failures = 0;
  #sending: Promise<void> | null = null;
  #stopped = false;
  #firstEditAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** When it is to be sent, and for when the timer is set: that is not moved with each edit. */
  #dueAt = 0;
  #timerAt = 0;
  #lastAcceptedAt: number | null = null;
  #failure: string | null = null;

  private constructor(
    state: BackupState,
    storage: Party.Storage,
    convex: ConvexBackups,
    timing: BackupTiming,
    encode: (roomId: string) => Promise<Uint8Array>,
  ) {
    this.#state = state;
    this.#storage = storage;
    this.#convex = convex;
    this.#timing = timing;
    this.#encode = encode;
  }

  /** `roomId` is `null` in an alarm, where only storage knows it. Returns `null` if it does not either. */
  static async open(
    roomId: string | null,
    storage: Party.Storage,
    convex: ConvexBackups,
    timing: BackupTiming,
    encode: (roomId: string) => Promise<Uint8Array>,
  ): Promise<Backup | null> {
    const stored = await storage.get(BACKUP_KEY);
    if (stored !== undefined) {
      return new Backup(BackupState.parse(stored), storage, convex, timing, encode);
    }
    if (roomId === null) return null;
    return new Backup(
      { roomId, number: 0, pending: false, pendingSince: null },
      storage,
      convex,
      timing,
      encode,
    );
  }

  get figures(): BackupFigures {
    const { number, pending, pendingSince } = this.#state;
    return { number, pending, pendingSince, failure: this.#failure, lastAcceptedAt: this.#lastAcceptedAt };
  }

  /**
   * For a room whose storage is empty: what Convex has of it, or `null` if it has nothing. Throws when that cannot
   * be told: a room that takes "no answer" for "nothing" overwrites the good copy later.
   */
  async restore(): Promise<Uint8Array | null> {
    const newest = await this.#convex.newest(this.#state.roomId);
    switch (newest.kind) {
      case "none":
        return null;
      case "found":
        this.#state.number = Math.max(this.#state.number, newest.number);
        await this.#storage.put(BACKUP_KEY, { ...this.#state });
        return newest.update;
      case "denied":
      case "failed":
        throw new Error(`the room is empty, and its backup is ${newest.kind}: ${newest.reason}`);
    }
  }

  /** The room is opened. What an earlier life of it could not send is sent: alarms may have been lost with it. */
  resume(now: number): void {
    if (this.#state.pending) this.#schedule(now + this.#timing.quietMs, now);
  }

  /** Something new is on its way to the disk, or has arrived there. */
  touch(now: number): void {
    if (this.#stopped) return;
    this.#edits += 1;
    this.#firstEditAt ??= now;
    if (!this.#state.pending) {
      this.#state.pending = true;
      this.#state.pendingSince = now;
      this.#persist(now + this.#timing.latestMs);
    }
    this.#schedule(Math.min(now + this.#timing.quietMs, this.#firstEditAt + this.#timing.latestMs), now);
  }

  /**
   * Sends what the room has, if Convex lacks it. Resolves when that has succeeded or failed; never rejects. An alarm
   * that comes while this is done waits too: the platform repeats one that was killed, and none that was answered.
   */
  send(): Promise<void> {
    if (this.#stopped || !this.#state.pending) return Promise.resolve();
    this.#sending ??= this.#sendNow().finally(() => (this.#sending = null));
    return this.#sending;
  }

  async #sendNow(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#firstEditAt = null;
    try {
      await this.#sendOnce();
    } catch (error) {
      console.error("a backup could not be prepared:", error);
      this.#retryLater("it could not be prepared");
    }
  }

  /** The resource was deleted: from this call on nothing is sent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#storage.deleteAlarm();
  }

  /** Asked again after each await: `stop` may have come in between. */
  #isStopped(): boolean {
    return this.#stopped;
  }

  #schedule(at: number, now: number): void {
    this.#dueAt = at;
    if (this.#timer !== null && this.#timerAt <= at) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#onTimer(Date.now()), Math.max(0, at - now));
  }

  #onTimer(now: number): void {
    this.#timer = null;
    if (now < this.#dueAt) this.#schedule(this.#dueAt, now);
    else void this.send();
  }

  async #sendOnce(): Promise<void> {
    const edits = this.#edits;
    const startedAt = Date.now();
    this.#state.number += 1;
    await this.#storage.put(BACKUP_KEY, { ...this.#state });
    const { roomId, number } = this.#state;
    const update = await this.#encode(roomId);
    if (this.#isStopped()) return;
    const outcome = await this.#convex.store(roomId, number, update);
    if (this.#isStopped()) return;
    switch (outcome.kind) {
      case "stored":
        this.#failures = 0;
        this.#failure = null;
        this.#lastAcceptedAt = Date.now();
        // Edits came meanwhile: they have been waiting since then at most.
        this.#state.pendingSince = startedAt;
        if (this.#edits === edits) await this.#settle();
        else this.#sendSoon(this.#timing.quietMs);
        return;
      case "gone":
        console.warn("a backup was refused: Convex knows no such document");
        await this.#settle();
        return;
      case "superseded":
        // This room's storage is older than its last backup. Its content is what people see: it goes on top.
        this.#state.number = Math.max(number, outcome.newest);
        this.#sendSoon(0);
        return;
      case "failed":
        console.warn(`a backup failed and will be repeated: ${outcome.reason}`);
        this.#retryLater(outcome.reason);
    }
  }

  async #settle(): Promise<void> {
    this.#state.pending = false;
    this.#state.pendingSince = null;
    // In one step: an edit that comes after the first of them sets an alarm that the second must not take away.
    await Promise.all([this.#storage.put(BACKUP_KEY, { ...this.#state }), this.#storage.deleteAlarm()]);
  }

  /** With an alarm again: it may have been the former one that got us here. */
  #sendSoon(inMs: number): void {
    const now = Date.now();
    this.#persist(now + this.#timing.latestMs);
    this.#schedule(now + inMs, now);
  }

  #retryLater(failure: string): void {
    this.#failure = failure;
    const { retryFirstMs, retryMaxMs } = this.#timing;
    this.#persist(Date.now() + Math.min(retryMaxMs, retryFirstMs * 2 ** this.#failures));
    this.#failures += 1;
  }

  /** Not waited for. If storage fails here the journal fails too, says so, and the next edit comes here again. */
  #persist(alarmAt: number): void {
    Promise.all([
      this.#storage.put(BACKUP_KEY, { ...this.#state }, { allowUnconfirmed: true }),
      this.#storage.setAlarm(alarmAt, { allowUnconfirmed: true }),
    ]).catch((error: unknown) => {
      console.error("a backup could not be scheduled:", error);
      this.#state.pending = false;
      this.#state.pendingSince = null;
    });
  }
}
