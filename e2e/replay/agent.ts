/**
 * One of the two people of a recorded session, at a `YPartyKitProvider` of their own.
 *
 * The provider keeps `received` in step with the room at all times. The person looks at `text`, which takes in
 * the other's edits only as far as the recording says they had been seen: so each transaction is applied to
 * exactly the state that its `parents` name, while newer edits already wait in the mailbox, as on a slow line.
 *
 * A progress map beside the text counts the finished transactions of each agent. An update is cut where the
 * other agent needs a cut, and the next part is only sent once the other has received the previous one;
 * otherwise a server that merges edits under load could hand over a state that nobody ever saw.
 */
import * as Y from "yjs";
import YPartyKitProvider from "y-partykit/provider";
import { WebSocket } from "ws";
import type { Step } from "./trace";

/** Stays below the room's limit of messages a second. */
const SEND_INTERVAL_MS = 6;

export interface RoomAddress {
  host: string;
  roomId: string;
  token: () => Promise<string>;
}

export function connect({ host, roomId, token }: RoomAddress, doc: Y.Doc): YPartyKitProvider {
  return new YPartyKitProvider(host, roomId, doc, {
    params: async () => ({ token: await token() }),
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
}

export const textOf = (doc: Y.Doc) => doc.getText("replay");
const progressOf = (doc: Y.Doc, agent: number) =>
  (doc.getMap("progress").get(String(agent)) as number | undefined) ?? 0;

export class ReplayAgent {
  readonly #agent: 0 | 1;
  readonly #other: 0 | 1;
  readonly #doc = new Y.Doc();
  readonly #received = new Y.Doc();
  readonly #provider: YPartyKitProvider;
  /** The other's updates that arrived and were not looked at yet, with the progress that each completes. */
  readonly #mailbox: { update: Uint8Array; progress: number }[] = [];

  constructor(agent: 0 | 1, address: RoomAddress) {
    this.#agent = agent;
    this.#other = agent === 0 ? 1 : 0;
    // Concurrent insertions at one place are ordered by client id: the recording had agent 0 before agent 1.
    this.#doc.clientID = agent + 1;
    this.#provider = connect(address, this.#received);
    this.#received.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === this) return;
      this.#mailbox.push({ update, progress: progressOf(this.#received, this.#other) });
    });
  }

  /** How many of an agent's transactions have reached this client over the wire. */
  received(agent: 0 | 1): number {
    return progressOf(this.#received, agent);
  }

  get text(): string {
    return textOf(this.#doc).toJSON();
  }

  /** Replays `steps`; `cuts` are the counts of own transactions after which the other needs a cut. */
  async play(
    steps: Step[],
    cuts: Set<number>,
    otherHasReceived: (count: number) => Promise<void>,
  ): Promise<void> {
    let unsent: Uint8Array[] = [];
    let lastCut = 0;
    const collect = (update: Uint8Array, origin: unknown) => {
      if (origin !== "mailbox") unsent.push(update);
    };
    this.#doc.on("update", collect);
    for (const [index, step] of steps.entries()) {
      await this.see(step.seen);
      this.#doc.transact(() => {
        const text = textOf(this.#doc);
        for (const [position, deleted, inserted] of step.patches) {
          if (deleted > 0) text.delete(position, deleted);
          if (inserted !== "") text.insert(position, inserted);
        }
        this.#doc.getMap("progress").set(String(this.#agent), index + 1);
      });
      const nextSeen = steps[index + 1]?.seen ?? -1;
      if (!cuts.has(index + 1) && nextSeen === step.seen) continue;
      await otherHasReceived(lastCut);
      Y.applyUpdate(this.#received, Y.mergeUpdates(unsent), this);
      unsent = [];
      if (cuts.has(index + 1)) lastCut = index + 1;
      await new Promise((resolve) => setTimeout(resolve, SEND_INTERVAL_MS));
    }
    this.#doc.off("update", collect);
  }

  /** Takes in the other's transactions up to the given count, exactly, waiting for what is still under way. */
  async see(count: number): Promise<void> {
    await until(
      () => this.received(this.#other) >= count,
      () => this.describe(`waits for ${count}`),
    );
    while (progressOf(this.#doc, this.#other) < count) {
      const next = this.#mailbox.shift();
      if (next === undefined) throw new Error(this.describe(`lost the update that completes ${count}`));
      Y.applyUpdate(this.#doc, next.update, "mailbox");
    }
    const seen = progressOf(this.#doc, this.#other);
    if (seen > count)
      throw new Error(this.describe(`got ${seen} transactions where ${count} were asked for`));
  }

  describe(what: string): string {
    return `agent ${this.#agent} ${what}; it received ${this.received(this.#other)}`;
  }

  destroy(): void {
    this.#provider.destroy();
    this.#received.destroy();
    this.#doc.destroy();
  }
}

/** Waits for a condition that an incoming message makes true. */
export async function until(
  condition: () => boolean,
  describe: () => string,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`timed out: ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
