/** The doors of `protocol/backup.ts`, as an operator uses them. What does not answer as it should is a `Fault`. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  BACKUP_NUMBER_HEADER,
  BACKUP_PATH,
  CONTENT_DOOR,
  DRILL_PARTY,
  parseBackupNumber,
  Restoration,
  RESTORE_DOOR,
  RoomPage,
  ROOMS_PATH,
} from "../../protocol/backup";
import { RESOURCE_KINDS } from "../../protocol/rooms";
import type { Env } from "../local-env";
import { isLocal } from "../smoke/addresses";
import { Fault, reasonOf } from "../smoke/fault";

/** Twenty megabytes over a slow line. */
const ANSWER_TIMEOUT_MS = 120_000;

export type StoredBackup =
  | { kind: "found"; number: number; update: Uint8Array }
  /** The room was never backed up. */
  | { kind: "none" }
  /** Nothing has this id, or not any more. */
  | { kind: "missing" };

export type Content = { kind: "found"; update: Uint8Array } | { kind: "deleted" };

/** What of a room's figures is asked for. */
const Figures = z.object({
  backup: z
    .object({
      number: z.number(),
      pending: z.boolean(),
      pendingSince: z.number().nullable(),
      failure: z.string().nullable(),
    })
    .nullable(),
});
export type BackupState = z.infer<typeof Figures>["backup"];

export class Doors {
  readonly #convex: string;
  readonly #rooms: string;
  readonly #headers: Record<string, string>;

  /** From the variables of docs/deploy.md. Says all that are missing. */
  constructor({ CONVEX_SITE_URL: convex, PARTYKIT_DOMAIN: host, ROOM_SERVICE_SECRET: secret }: Env) {
    if (!convex || !host || !secret) {
      throw new Fault(
        "CONVEX_SITE_URL, PARTYKIT_DOMAIN and ROOM_SERVICE_SECRET must be set, as docs/deploy.md says",
      );
    }
    this.#convex = convex;
    this.#rooms = `${isLocal(host) ? "http" : "https"}://${host}/parties`;
    this.#headers = { authorization: `Bearer ${secret}` };
  }

  /** The ids of all rooms that something has. */
  async rooms(): Promise<string[]> {
    const roomIds: string[] = [];
    for (const kind of RESOURCE_KINDS) {
      let cursor: string | null = null;
      do {
        const query = new URLSearchParams({ kind, ...(cursor !== null && { cursor }) });
        const response = await this.#ask("Convex", `${this.#convex}${ROOMS_PATH}?${query.toString()}`);
        if (response.status !== 200) throw unexpected("Convex", "to list the rooms", response);
        const page = RoomPage.parse(await response.json());
        roomIds.push(...page.roomIds);
        ({ cursor } = page);
      } while (cursor !== null);
    }
    return roomIds;
  }

  async backup(roomId: string): Promise<StoredBackup> {
    const response = await this.#ask("Convex", `${this.#convex}${BACKUP_PATH}?room=${roomId}`);
    switch (response.status) {
      case 200: {
        const number = parseBackupNumber(response.headers.get(BACKUP_NUMBER_HEADER));
        if (number === null) throw new Fault("its backup has no number");
        return { kind: "found", number, update: new Uint8Array(await response.arrayBuffer()) };
      }
      case 204:
        return { kind: "none" };
      case 404:
        return { kind: "missing" };
      case 500:
        throw new Fault("its backup is missing: Convex lists it, and has lost the file");
      default:
        throw unexpected("Convex", "for its backup", response);
    }
  }

  /** The document as somebody gets it who opens it now. */
  async content(roomId: string): Promise<Content> {
    const response = await this.#ask("PartyKit", `${this.#rooms}/main/${roomId}/${CONTENT_DOOR}`);
    switch (response.status) {
      case 200:
        return { kind: "found", update: new Uint8Array(await response.arrayBuffer()) };
      case 410:
        return { kind: "deleted" };
      case 503:
        throw new Fault(`nobody can open it: ${await response.text()}`);
      default:
        throw unexpected("PartyKit", "for its content", response);
    }
  }

  async backupState(roomId: string): Promise<BackupState> {
    const response = await this.#ask("PartyKit", `${this.#rooms}/main/${roomId}`);
    if (response.status !== 200) throw unexpected("PartyKit", "for its figures", response);
    return Figures.parse(await response.json()).backup;
  }

  /** Restores a snapshot into a fresh room that is gone afterwards. Returns what was in it. */
  async drill(snapshot: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    const url = `${this.#rooms}/${DRILL_PARTY}/${randomUUID()}`;
    const response = await this.#ask("PartyKit", url, { method: "POST", body: snapshot });
    if (response.status === 422) throw new Fault(`its backup cannot be restored: ${await response.text()}`);
    if (response.status !== 200) throw unexpected("PartyKit", "to restore its backup", response);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** Takes the live room back to its backup, and returns the backup's number. */
  async restore(roomId: string): Promise<number> {
    const url = `${this.#rooms}/main/${roomId}/${RESTORE_DOOR}`;
    const response = await this.#ask("PartyKit", url, { method: "POST" });
    switch (response.status) {
      case 200:
        return Restoration.parse(await response.json()).number;
      case 400:
        throw new Fault("there is no such room");
      case 409:
        throw new Fault("it has no backup. Nothing was changed");
      case 410:
        throw new Fault("it was deleted. Nothing was changed");
      case 503:
        throw new Fault(`it cannot be taken back now: ${await response.text()}`);
      default:
        throw unexpected("PartyKit", "to take it back", response);
    }
  }

  async #ask(whom: string, url: string, init: RequestInit = {}): Promise<Response> {
    try {
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
      return await fetch(url, { ...init, headers: this.#headers, redirect: "manual", signal });
    } catch (error) {
      throw new Fault(`${whom} does not answer at ${new URL(url).origin}: ${reasonOf(error)}`);
    }
  }
}

function unexpected(whom: string, what: string, { status }: Response): Fault {
  const hint = status === 401 ? ": it has another ROOM_SERVICE_SECRET" : "";
  return new Fault(`${whom}, asked ${what}, answers with status ${status}${hint}`);
}
