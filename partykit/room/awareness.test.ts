import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as decoding from "lib0/decoding";
import { expect, test } from "vitest";
import * as Y from "yjs";
import { AwarenessTable, type Speaker } from "./awareness";
import type { AwarenessEntry } from "./frames";

/** A client as the official provider is: it sends on whatever changes in its awareness, its own state or not. */
class Client implements Speaker {
  readonly grant;
  readonly greeted = true;
  readonly awareness = new Awareness(new Y.Doc());
  readonly outgoing: AwarenessEntry[][] = [];

  constructor(readonly order: number) {
    this.grant = { userId: `user${order}`, name: `User ${order}`, color: "#1971c2", role: "editor" as const };
    this.awareness.on("update", ({ added, updated, removed }: Record<string, number[]>) => {
      const changed = [...(added ?? []), ...(updated ?? []), ...(removed ?? [])];
      this.outgoing.push(entriesOf(encodeAwarenessUpdate(this.awareness, changed)));
    });
    // As at every open of the socket: whatever the clock is, 0 at first.
    this.outgoing.push(entriesOf(encodeAwarenessUpdate(this.awareness, [this.awareness.clientID])));
  }

  receive(frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame);
    decoding.readVarUint(decoder);
    applyAwarenessUpdate(this.awareness, decoding.readVarUint8Array(decoder), "room");
  }
}

function entriesOf(update: Uint8Array): AwarenessEntry[] {
  const decoder = decoding.createDecoder(update);
  return Array.from({ length: decoding.readVarUint(decoder) }, () => {
    const [clientId, clock] = [decoding.readVarUint(decoder), decoding.readVarUint(decoder)];
    const json = decoding.readVarString(decoder);
    return { clientId, clock, json: json === "null" ? null : json };
  });
}

/** Passes messages on in frames that are the same for all, until nobody has anything to say. Returns the rounds. */
function settle(table: AwarenessTable<Client>, clients: Client[], now: number): number {
  for (let round = 0; round < 100; round++) {
    const changed = new Set<number>();
    for (const client of clients) {
      for (const entries of client.outgoing.splice(0)) {
        const outcome = table.apply(client, entries, now);
        if (outcome.kind !== "changed") throw new Error(outcome.kind);
        for (const clientId of outcome.clientIds) changed.add(clientId);
      }
    }
    if (changed.size === 0) return round;
    for (const client of clients) client.receive(table.encode(changed));
  }
  return Infinity;
}

function roomOf(count: number) {
  const table = new AwarenessTable<Client>();
  const clients = Array.from({ length: count }, (_, index) => new Client(index));
  return { table, clients, end: () => clients.forEach(({ awareness }) => awareness.doc.destroy()) };
}

test("a room in which nobody moves falls silent, whoever says back what", () => {
  const { table, clients, end } = roomOf(3);
  expect(settle(table, clients, 1_000)).toBeLessThan(5);
  for (const { awareness } of clients) expect(awareness.getStates().size).toBe(3);

  clients[0]?.awareness.setLocalStateField("cursor", 7);
  expect(settle(table, clients, 2_000)).toBeLessThan(5);
  for (const { awareness } of clients) {
    expect(awareness.getStates().get(clients[0]?.awareness.clientID ?? 0)).toMatchObject({ cursor: 7 });
  }
  end();
});

test("a renewal of the same state is passed on, so that the others do not drop it", () => {
  const { table, clients, end } = roomOf(2);
  const [mover] = clients;
  mover?.awareness.setLocalState({ cursor: 1 });
  settle(table, clients, 0);
  mover?.awareness.setLocalState({ cursor: 1 });
  const renewal = mover?.outgoing.splice(0).at(-1) ?? [];
  expect(mover && table.apply(mover, renewal, 15_000)).toEqual({
    kind: "changed",
    clientIds: [mover?.awareness.clientID],
  });
  end();
});

test("a state that its client takes down goes at everybody", () => {
  const { table, clients, end } = roomOf(2);
  for (const { awareness } of clients) awareness.setLocalState({ here: true });
  settle(table, clients, 0);
  const [leaver, other] = clients;
  leaver?.awareness.setLocalState(null);
  settle(table, clients, 1_000);
  expect(other?.awareness.getStates().has(leaver?.awareness.clientID ?? 0)).toBe(false);
  end();
});

test("a connection that takes one id after the other speaks for a few, and leaves nothing of them behind", () => {
  const table = new AwarenessTable<Speaker>();
  const speaker = { order: 1, greeted: true, grant: new Client(1).grant };
  for (let id = 0; id < 1_000; id++) {
    const frame = [
      { clientId: id, clock: 1, json: "{}" },
      { clientId: id, clock: 2, json: null },
    ];
    expect(table.apply(speaker, frame, 0).kind).toBe("changed");
  }
  const all = Array.from({ length: 1_000 }, (_, id) => id);
  const known = () => decoding.readVarUint(decoding.createDecoder(table.encode(all).slice(2)));
  expect(known()).toBeGreaterThan(1);
  expect(known()).toBeLessThan(20);
  table.release(speaker, 0);
  table.expire(3_600_000);
  expect(known()).toBe(0);
});
