/**
 * One workspace's presence room: sockets and timers around the roster. The messages are those of
 * `protocol/presence.ts`. Everything is in memory: when the last tab has gone there is nothing to keep.
 *
 * Changes leave at once in a quiet room; what follows within `CHANGES_TICK_MS` is one message, encoded once for all.
 */
import type * as Party from "partykit/server";
import type { AccessGrant } from "../../protocol/access";
import { CLOSE, type CloseCode } from "../../protocol/close-codes";
import {
  PERSON_MAX_CONNECTIONS,
  PRESENCE_BURST_MESSAGES,
  PRESENCE_MAX_CONNECTIONS,
  PRESENCE_MESSAGE_MAX_BYTES,
  PRESENCE_MESSAGES_PER_SECOND,
} from "../../protocol/limits";
import { DELIBERATE_CLOSE, PresenceRequest, type PresenceNews } from "../../protocol/presence";
import { RateLimit } from "../room/rate-limit";
import { Roster } from "./roster";

/** Fifty people who change pages make a few messages a second of it, and nobody sees the wait. */
const CHANGES_TICK_MS = 250;

export interface PresenceTiming {
  /** How often the room looks for those who have gone. */
  housekeepingMs: number;
  /** How long a tab may be silent before it is asked for a sign of life, and before it is given up. */
  askAfterMs: number;
  giveUpAfterMs: number;
}

const TIMING: PresenceTiming = { housekeepingMs: 2_500, askAfterMs: 10_000, giveUpAfterMs: 25_000 };

class Tab {
  readonly rate: RateLimit;
  heardAt: number;

  constructor(
    readonly socket: Party.Connection,
    now: number,
  ) {
    this.rate = new RateLimit(PRESENCE_MESSAGES_PER_SECOND, PRESENCE_BURST_MESSAGES, now);
    this.heardAt = now;
  }

  send(news: string): void {
    if (this.socket.readyState === WebSocket.READY_STATE_OPEN) this.socket.send(news);
  }
}

export class Lobby {
  readonly #timing: PresenceTiming;
  readonly #roster = new Roster<Tab>();
  #connections = 0;
  #nextChangesAt = 0;
  #changesTimer: ReturnType<typeof setTimeout> | null = null;
  #housekeeping: ReturnType<typeof setInterval> | null = null;

  constructor(timing: Partial<PresenceTiming> = {}) {
    this.#timing = { ...TIMING, ...timing };
  }

  /** How many tabs are connected. */
  get connections(): number {
    return this.#connections;
  }

  /** Takes a tab in, or closes it with a code. */
  join(socket: Party.Connection, grant: AccessGrant): void {
    if (this.#connections >= PRESENCE_MAX_CONNECTIONS) {
      socket.close(CLOSE.roomFull.code, CLOSE.roomFull.reason);
      return;
    }
    const [oldest, ...others] = this.#roster.tabsOf(grant.userId);
    if (oldest !== undefined && others.length + 1 >= PERSON_MAX_CONNECTIONS) {
      this.#close(oldest, CLOSE.tooManyOfOne);
    }
    this.#connections += 1;
    const tab = new Tab(socket, Date.now());
    this.#roster.join(tab, grant);
    socket.addEventListener("message", ({ data }) => this.#receive(tab, data));
    const gone = (deliberate: boolean) => this.#leave(tab, deliberate);
    socket.addEventListener("close", ({ code }) => gone(code === DELIBERATE_CLOSE));
    socket.addEventListener("error", () => gone(false));
    tab.send(encode({ type: "everybody", people: this.#roster.everybody() }));
    this.#tellFollowed(grant.userId);
    this.#housekeeping ??= setInterval(() => this.#keepHouse(Date.now()), this.#timing.housekeepingMs);
    this.#tellChanges();
  }

  #receive(tab: Tab, data: string | ArrayBuffer): void {
    const now = Date.now();
    tab.heardAt = now;
    if (!tab.rate.take(now)) {
      this.#close(tab, CLOSE.rateLimited);
      return;
    }
    const size = typeof data === "string" ? data.length : data.byteLength;
    if (size > PRESENCE_MESSAGE_MAX_BYTES) {
      this.#close(tab, CLOSE.messageTooLarge);
      return;
    }
    const request = typeof data === "string" ? parse(data) : null;
    if (request === null) this.#close(tab, CLOSE.malformedFrame);
    else this.#handle(tab, request);
  }

  #handle(tab: Tab, request: PresenceRequest): void {
    switch (request.type) {
      case "beat":
        return;
      case "at":
        this.#roster.move(tab, request.page);
        break;
      case "present":
        this.#roster.present(tab, request.state);
        break;
      case "follow":
        for (const userId of this.#roster.follow(tab, request.userId)) this.#tellFollowed(userId);
        return;
      case "view": {
        const shown = this.#roster.shownBy(tab);
        if (shown === null) return;
        const news = encode({ type: "view", ...shown, view: request.view });
        for (const follower of this.#roster.followersOf(shown.userId)) follower.send(news);
        return;
      }
    }
    this.#tellChanges();
  }

  #close(tab: Tab, { code, reason }: CloseCode): void {
    tab.socket.close(code, reason);
    this.#leave(tab, true);
  }

  /** Once for each tab, whichever of its ends is heard of first. */
  #leave(tab: Tab, deliberate: boolean): void {
    if (!this.#roster.has(tab)) return;
    this.#connections -= 1;
    const followed = this.#roster.leave(tab, deliberate, Date.now());
    if (followed !== null) this.#tellFollowed(followed);
    this.#tellChanges();
  }

  #tellFollowed(userId: string): void {
    const news = encode({ type: "followers", count: this.#roster.followersOf(userId).length });
    for (const tab of this.#roster.tabsOf(userId)) tab.send(news);
  }

  #tellChanges(): void {
    if (this.#changesTimer !== null) return;
    const wait = this.#nextChangesAt - Date.now();
    if (wait <= 0) this.#sendChanges();
    else this.#changesTimer = setTimeout(() => this.#sendChanges(), wait);
  }

  #sendChanges(): void {
    this.#changesTimer = null;
    const changes = this.#roster.takeChanges();
    if (changes === null) return;
    const news = encode({ type: "changes", ...changes });
    for (const tab of this.#roster.tabs) tab.send(news);
    this.#nextChangesAt = Date.now() + CHANGES_TICK_MS;
  }

  #keepHouse(now: number): void {
    const { askAfterMs, giveUpAfterMs } = this.#timing;
    const question = encode({ type: "beat" });
    for (const tab of [...this.#roster.tabs]) {
      const silent = now - tab.heardAt;
      if (silent > giveUpAfterMs) {
        tab.socket.close(CLOSE.noAnswer.code, CLOSE.noAnswer.reason);
        this.#leave(tab, false);
      } else if (silent > askAfterMs) {
        tab.send(question);
      }
    }
    this.#roster.expire(now);
    this.#tellChanges();
    if (!this.#roster.isEmpty || this.#housekeeping === null) return;
    clearInterval(this.#housekeeping);
    this.#housekeeping = null;
  }
}

function encode(news: PresenceNews): string {
  return JSON.stringify(news);
}

function parse(text: string): PresenceRequest | null {
  try {
    return PresenceRequest.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
