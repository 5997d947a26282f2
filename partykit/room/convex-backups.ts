/**
 * The room's side of protocol/backup.ts: two requests to Convex, and what their answers mean.
 * Nothing here throws for what the network or Convex does.
 */
import * as Y from "yjs";
import { BACKUP_NUMBER_HEADER, BACKUP_PATH, BackupReceipt, parseBackupNumber } from "../../protocol/backup";
import { BACKUP_MAX_BYTES } from "../../protocol/limits";

/** Twenty megabytes over a slow line between two data centres. */
const STORE_TIMEOUT_MS = 60_000;
/** Somebody waits for this one. */
const FETCH_TIMEOUT_MS = 20_000;

export type StoreOutcome =
  | { kind: "stored" }
  | { kind: "superseded"; newest: number }
  /** Convex knows no such document: it was deleted there. */
  | { kind: "gone" }
  | { kind: "failed"; reason: string };

export type FetchOutcome =
  | { kind: "found"; number: number; update: Uint8Array }
  | { kind: "none" }
  | { kind: "denied"; reason: string }
  | { kind: "failed"; reason: string };

export interface ConvexBackups {
  store(roomId: string, number: number, update: Uint8Array): Promise<StoreOutcome>;
  newest(roomId: string): Promise<FetchOutcome>;
}

/** `env` is the room's; without an address or a secret every request fails, as if Convex were down. */
export function convexBackups(env: Record<string, unknown>): ConvexBackups {
  const { CONVEX_SITE_URL: site, ROOM_SERVICE_SECRET: secret } = env;

  async function ask(query: Record<string, string>, init: RequestInit): Promise<Response | string> {
    if (typeof site !== "string" || typeof secret !== "string") return "the server is not configured";
    try {
      return await fetch(`${site}${BACKUP_PATH}?${new URLSearchParams(query).toString()}`, {
        ...init,
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/octet-stream" },
        redirect: "manual",
      });
    } catch (error) {
      return nameOf(error);
    }
  }

  return {
    async store(roomId, number, update) {
      if (update.byteLength > BACKUP_MAX_BYTES) {
        return { kind: "failed", reason: `${update.byteLength} bytes are more than Convex takes` };
      }
      const response = await ask(
        { room: roomId, number: String(number) },
        { method: "POST", body: update, signal: AbortSignal.timeout(STORE_TIMEOUT_MS) },
      );
      if (typeof response === "string") return { kind: "failed", reason: response };
      if (response.status === 404) return { kind: "gone" };
      if (response.status !== 200) return { kind: "failed", reason: `status ${response.status}` };
      const receipt = BackupReceipt.safeParse(await readJson(response));
      return receipt.success ? receipt.data : { kind: "failed", reason: "no receipt" };
    },

    async newest(roomId) {
      const response = await ask({ room: roomId }, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
      if (typeof response === "string") return { kind: "failed", reason: response };
      switch (response.status) {
        case 204:
          return { kind: "none" };
        case 200:
          return readSnapshot(response);
        case 401:
        case 403:
        case 404:
          return { kind: "denied", reason: `status ${response.status}` };
        default:
          return { kind: "failed", reason: `status ${response.status}` };
      }
    },
  };
}

async function readSnapshot(response: Response): Promise<FetchOutcome> {
  const number = parseBackupNumber(response.headers.get(BACKUP_NUMBER_HEADER));
  if (number === null) return { kind: "failed", reason: "a snapshot without number" };
  try {
    const update = new Uint8Array(await response.arrayBuffer());
    // A half-received one would become the room's content for good.
    Y.decodeUpdate(update);
    return { kind: "found", number, update };
  } catch (error) {
    return { kind: "failed", reason: nameOf(error) };
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    // Not JSON, or cut off: no receipt either way.
    return null;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "unknown error";
}
