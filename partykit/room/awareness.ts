/**
 * Who may say what about whom. Stock y-partykit lets every connection set anybody's awareness state; here each
 * connection speaks for one client id, its own, and the `user` field of a state comes from the verified grant.
 *
 * The official provider makes this harder than it sounds: it re-sends every state that it receives, so most
 * entries in a frame are somebody else's, and after a reconnect it announces itself with the clock that everybody
 * has already seen. So:
 *
 *   - An entry for an id that another connection owns is dropped, without punishment.
 *   - A free id is claimed by the first connection that names it and owns none itself.
 *   - An id moves to a newer connection of the same user (a reconnect while the old socket lingers), but only with
 *     a newer clock, or from a connection that has not been told of any state yet: that one cannot be echoing.
 *   - An id that was given up remembers its last user and clock, so that an echo cannot bring a ghost back.
 *   - What a client merely says back after the room told it is not passed on.
 *   - To others, a client that returns with an old clock appears with a clock that is new to them, and a new one
 *     never with clock 0, which the protocol takes for nothing new.
 *
 * An id has at most one owner, and an owner's close removes exactly the id that it owns at that moment.
 */
import * as encoding from "lib0/encoding";
import type { AccessGrant } from "../../protocol/access";
import { AWARENESS_MAX_BYTES } from "../../protocol/limits";
import { MESSAGE_AWARENESS, type AwarenessEntry } from "./frames";

/** Clients drop a state that was not renewed for so long; so does the room. */
const EXPIRY_MS = 30_000;

/** An echo comes back sooner than this; the renewals, which must be passed on, come later. */
const ECHO_MAX_MS = 10_000;

/** How long a given-up id is remembered: longer than any echo travels. */
const DEPARTED_MEMORY_MS = 120_000;

/**
 * Client ids that one connection may speak for, one after the other. A provider has one, and by an echo of what another
 * tab has told it may have come to a second; each is remembered, so it must not be any number.
 */
const CLAIMS_MAX = 8;

/** What the table needs to know of a connection. */
export interface Speaker {
  /** Rises with every connection of the room: the larger, the newer. */
  readonly order: number;
  readonly grant: AccessGrant;
  /** Whether it was sent any awareness state. */
  readonly greeted: boolean;
}

interface Row<S> {
  owner: S | null;
  /** The user who owns it, or did. */
  userId: string;
  /** As the client counts. */
  clock: number;
  /** As the others were told: never falls, and is at least `clock`. */
  shownClock: number;
  json: string | null;
  renewedAt: number;
}

export type AwarenessOutcome = { kind: "changed"; clientIds: number[] } | { kind: "malformed" | "tooLarge" };

export class AwarenessTable<S extends Speaker> {
  #rows = new Map<number, Row<S>>();
  #owned = new Map<S, number>();
  /** How many ids each connection has claimed. */
  #claims = new Map<S, number>();

  /** Takes what `speaker` may say and drops the rest. Returns the ids that the others must hear about. */
  apply(speaker: S, entries: AwarenessEntry[], now: number): AwarenessOutcome {
    const changed: number[] = [];
    for (const entry of entries) {
      if (!this.#mayspeak(speaker, entry)) continue;
      const row = this.#rows.get(entry.clientId);
      const returns = row === undefined || row.json === null || row.owner !== speaker;
      const isNews =
        row === undefined ||
        entry.clock > row.clock ||
        (entry.clock === row.clock && (returns || entry.json === null));
      if (!isNews || (entry.json === null && row?.json == null)) continue;

      const stamped = entry.json === null ? null : stampUser(entry.json, speaker.grant);
      if (stamped === undefined) return { kind: "malformed" };
      if (stamped !== null && stamped.length > AWARENESS_MAX_BYTES) return { kind: "tooLarge" };
      if (row !== undefined && !returns && isEcho(row, entry.clock, stamped, now)) {
        row.clock = entry.clock;
        continue;
      }
      const shownBefore = row?.shownClock ?? 0;
      this.#rows.set(entry.clientId, {
        owner: speaker,
        userId: speaker.grant.userId,
        clock: entry.clock,
        shownClock: Math.max(entry.clock, stamped === null ? shownBefore : shownBefore + 1),
        json: stamped,
        renewedAt: now,
      });
      if (row?.owner && row.owner !== speaker) this.#owned.delete(row.owner);
      this.#own(speaker, entry.clientId, now);
      changed.push(entry.clientId);
    }
    return { kind: "changed", clientIds: changed };
  }

  /** The id that it owned before has no state any more. */
  #own(speaker: S, clientId: number, now: number): void {
    const before = this.#owned.get(speaker);
    if (before === clientId) return;
    const row = before === undefined ? undefined : this.#rows.get(before);
    if (row !== undefined) Object.assign(row, { owner: null, renewedAt: now });
    this.#owned.set(speaker, clientId);
    this.#claims.set(speaker, (this.#claims.get(speaker) ?? 0) + 1);
  }

  /** The connection is gone. Returns the ids that the others must hear about. */
  release(speaker: S, now: number): number[] {
    this.#claims.delete(speaker);
    const clientId = this.#owned.get(speaker);
    if (clientId === undefined) return [];
    this.#owned.delete(speaker);
    const row = this.#rows.get(clientId);
    if (row === undefined) return [];
    const wasShown = row.json !== null;
    Object.assign(row, { owner: null, json: null, renewedAt: now });
    return wasShown ? [clientId] : [];
  }

  /** Removes states that their clients no longer renew, as the clients themselves do, and old memories. */
  expire(now: number): number[] {
    const expired: number[] = [];
    for (const [clientId, row] of this.#rows) {
      if (row.json !== null && now - row.renewedAt > EXPIRY_MS) {
        row.json = null;
        expired.push(clientId);
      } else if (row.owner === null && now - row.renewedAt > DEPARTED_MEMORY_MS) {
        this.#rows.delete(clientId);
      }
    }
    return expired;
  }

  /** Ids with a state. */
  present(): number[] {
    return [...this.#rows].filter(([, row]) => row.json !== null).map(([clientId]) => clientId);
  }

  /** One awareness message about `clientIds`, for everybody. */
  encode(clientIds: Iterable<number>): Uint8Array {
    const body = encoding.createEncoder();
    const known = [...clientIds].flatMap((id) => {
      const row = this.#rows.get(id);
      return row === undefined ? [] : [{ id, row }];
    });
    encoding.writeVarUint(body, known.length);
    for (const { id, row } of known) {
      encoding.writeVarUint(body, id);
      encoding.writeVarUint(body, row.shownClock);
      encoding.writeVarString(body, row.json ?? "null");
    }
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE_AWARENESS);
    encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body));
    return encoding.toUint8Array(encoder);
  }

  #mayspeak(speaker: S, { clientId, clock, json }: AwarenessEntry): boolean {
    const own = this.#owned.get(speaker);
    if (own === clientId) return true;
    // One state per connection: another id only after it took its first one down.
    if (json === null || (own !== undefined && this.#rows.get(own)?.json !== null)) return false;
    if ((this.#claims.get(speaker) ?? 0) >= CLAIMS_MAX) return false;
    const row = this.#rows.get(clientId);
    if (row === undefined) return true;
    if (row.userId !== speaker.grant.userId) return false;
    if (row.owner !== null && row.owner.order > speaker.order) return false;
    return clock > row.clock || !speaker.greeted;
  }
}

/**
 * A client that is shown its own state under a newer clock, in a frame that is the same for all, takes that clock
 * over and says the state again. To pass that on would have it come back for ever.
 */
function isEcho(row: Row<unknown>, clock: number, stamped: string | null, now: number): boolean {
  return stamped === row.json && clock <= row.shownClock && now - row.renewedAt < ECHO_MAX_MS;
}

/** `undefined`: not a state. */
function stampUser(json: string, grant: AccessGrant): string | undefined {
  let state: unknown;
  try {
    state = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof state !== "object" || state === null || Array.isArray(state)) return undefined;
  return JSON.stringify({
    ...state,
    user: { userId: grant.userId, name: grant.name, color: grant.color },
  });
}
