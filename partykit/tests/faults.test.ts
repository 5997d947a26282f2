/**
 * A hundred rounds of three people editing at random while something breaks. In each: nothing whose barrier was
 * answered is missing, deletions included, as somebody sees who comes afterwards with an empty document; then the
 * three come back, and all hold the same; and the room takes and keeps edits as if nothing had been.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAccessServer, type AccessServer } from "./access-server";
import { openClient, rawClient, syncedClient, type Client } from "./clients";
import { Editor } from "./ledger";
import { look, order, type FaultOrder } from "./operator";
import { random, seed, type Random } from "./random";
import { delay, startPartyKit, until, type PartyKitServer } from "./server-process";

const KILL_ROUNDS = 20;
const FAULT_ROUNDS = 84;
/** Rounds of the second kind at a time: they have rooms of their own, and mostly wait. */
const PARALLEL = 6;

const SEED = seed();

let convex: AccessServer;
let server: PartyKitServer;

beforeAll(async () => {
  convex = await startAccessServer();
  server = await startPartyKit({ vars: convex.vars, main: "partykit/test-parties/faulty.ts" });
});

afterAll(async () => {
  await server.dispose();
  await convex.close();
});

interface Round {
  room: string;
  random: Random;
  editors: Editor[];
  /** Edits for some time, asking for promises in between. */
  edit(options?: { deleteOnly?: boolean }): Promise<void>;
}

async function startRound(room: string, from: number): Promise<Round> {
  const dice = random(from);
  const editors: Editor[] = [];
  for (const name of ["a", "b", "c"]) {
    editors.push(new Editor(name, await syncedClient(server.host, room, `editor${name}`), dice));
  }
  return {
    room,
    random: dice,
    editors,
    async edit(options = {}) {
      for (let i = dice.integer(5, 25); i > 0; i--) {
        const editor = dice.pick(editors);
        editor.edit(options);
        if (dice.next() < 0.2) editor.askToSave();
        if (dice.next() < 0.5) await delay(dice.integer(0, 15));
      }
    },
  };
}

/** More than the log holds, so it is compacted. */
function pasteALot({ editors }: Round): void {
  for (const editor of editors) {
    editor.paste();
    editor.paste();
  }
}

/** What somebody sees who comes with nothing, while those who could bring it back are out. */
async function checkPromises(round: Round): Promise<void> {
  for (const { client } of round.editors) client.provider.disconnect();
  await Promise.all(round.editors.map((editor) => editor.settled()));
  const witness = await syncedClient(server.host, round.room, "viewerw");
  expect(
    round.editors.flatMap((editor) => editor.broken(witness.doc)),
    `seed ${SEED}, ${round.room}`,
  ).toEqual([]);
  witness.destroy();
}

async function checkRecovery({ room, editors }: Round): Promise<void> {
  for (const { client } of editors) client.provider.connect();
  await until(`all are back in ${room}`, () => editors.every(({ client }) => client.provider.synced), 60_000);
  for (const editor of editors) {
    editor.edit();
    editor.askToSave();
  }
  await Promise.all(editors.map((editor) => editor.settled()));
  await until(`all hold the same in ${room} (seed ${SEED})`, () =>
    haveConverged(editors.map(({ client }) => client)),
  );
  const late = await syncedClient(server.host, room, "viewerl");
  expect(haveConverged([late, ...editors.map(({ client }) => client)]), `seed ${SEED}, ${room}`).toBe(true);
  expect(editors.flatMap((editor) => editor.broken(late.doc))).toEqual([]);
  for (const client of [late, ...editors.map((editor) => editor.client)]) client.destroy();
}

function haveConverged(clients: Client[]): boolean {
  const contents = clients.map(({ doc, text }) =>
    JSON.stringify([text.toJSON(), sorted(doc.getMap("keys").toJSON())]),
  );
  return new Set(contents).size === 1;
}

function sorted(map: Record<string, unknown>): [string, unknown][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}

test(`kill -9 in the middle of typing, ${KILL_ROUNDS} times (seed ${SEED})`, async () => {
  for (let i = 0; i < KILL_ROUNDS; i++) {
    const round = await startRound(`doc-kill${i}`, SEED + i);
    if (i % 4 === 3) {
      await round.edit();
      await round.editors[0]?.client.saved();
    }
    if (i % 4 === 2) pasteALot(round);
    const editing = round.edit({ deleteOnly: i % 4 === 3 });
    await delay(round.random.integer(0, 250));
    await server.kill();
    for (const { client } of round.editors) client.provider.disconnect();
    await editing;
    await server.start();
    await checkPromises(round);
    await checkRecovery(round);
  }
}, 240_000);

/** What breaks in a round, by name. Each resolves when the fault has been ordered, not when it is over. */
const FAULTS: Record<string, (round: Round) => Promise<void>> = {
  "writes fail": (round) => plan(round, [{ operation: "put", outcome: "throws" }]),
  "writes fail after they were done": (round) =>
    plan(round, [{ operation: "put", outcome: "throwsWhenDone" }]),
  "writes are slow": (round) => plan(round, [{ operation: "put", outcome: "works", delayMs: 300 }]),
  "the disk refuses to sync": (round) => plan(round, [{ operation: "sync", outcome: "throws" }]),
  "the disk syncs slowly": (round) => plan(round, [{ operation: "sync", outcome: "works", delayMs: 300 }]),
  "compactions fail half-way": (round) => plan(round, [{ operation: "delete", outcome: "throws" }]),
  "compactions are slow": (round) =>
    plan(round, [
      { operation: "delete", outcome: round.random.pick(["works", "throwsWhenDone"]), delayMs: 200 },
    ]),
  "the object is reset": (round) => plan(round, [], true),
  "the object is reset, and its loads fail": (round) =>
    plan(round, [{ operation: round.random.pick(["list", "get"] as const), outcome: "throws" }], true),
  "the object is reset, and its loads are slow": (round) =>
    plan(round, [{ operation: "list", outcome: "works", delayMs: 400 }], true),
  "the object is reset while writes fail": async (round) => {
    await plan(round, [{ operation: "put", outcome: "throws" }]);
    await delay(round.random.integer(0, 150));
    await plan(round, [{ operation: "sync", outcome: "throws" }], true);
  },
  "the last one leaves as the first one joins": async (round) => {
    for (let i = 0; i < 5; i++) {
      for (const { client } of round.editors) {
        client.provider.disconnect();
        client.provider.connect();
        await delay(round.random.integer(0, 3));
      }
      const passer = await openClient(server.host, round.room, "editorp");
      await delay(round.random.integer(0, 60));
      passer.destroy();
    }
  },
};

async function plan(
  { room, random: dice }: Round,
  faults: (Pick<FaultOrder["faults"][number], "operation" | "outcome"> & { delayMs?: number })[],
  reset = false,
): Promise<void> {
  const times = dice.integer(1, 3);
  await order(server, room, { faults: faults.map((fault) => ({ times, delayMs: 0, ...fault })), reset });
}

test(`failing, slow and throwing storage, ${FAULT_ROUNDS} times (seed ${SEED})`, async () => {
  const names = Object.keys(FAULTS);
  const played = new Map<string, number>();
  const play = async (i: number) => {
    const name = names[i % names.length] ?? "";
    const round = await startRound(`doc-fault${i}`, SEED + 1_000 + i);
    const deleteOnly = Math.floor(i / names.length) % 3 === 2;
    if (deleteOnly) {
      await round.edit();
      await round.editors[0]?.client.saved();
    }
    await Promise.all([round.edit({ deleteOnly }), FAULTS[name]?.(round)]);
    await round.edit({ deleteOnly });
    if (name.startsWith("compactions")) {
      pasteALot(round);
      await round.edit({ deleteOnly });
      const compactions = async () => (await look(server, round.room)).document?.compactions ?? 0;
      await until("the log was compacted", async () => (await compactions()) > 0);
    }
    await checkPromises(round);
    await checkRecovery(round);
    played.set(name, (played.get(name) ?? 0) + 1);
  };
  const waiting = Array.from({ length: FAULT_ROUNDS }, (_, i) => i);
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (let i = waiting.shift(); i !== undefined; i = waiting.shift()) await play(i);
    }),
  );
  expect([...played.keys()].sort()).toEqual(names.sort());
}, 180_000);

test("a socket that died without a word is found out, and one that is merely silent is not", async () => {
  const room = "doc-zombies";
  const silent = await syncedClient(server.host, room, "viewer1", { silent: true });
  // Too large for the platform, which closes the socket and says nothing to the room.
  const zombie = await rawClient(server.host, room, "editor2");
  zombie.send(new Uint8Array(2_000_000));
  await until("it is closing", () => zombie.socket.readyState !== zombie.socket.OPEN);
  zombie.socket.terminate();
  expect((await look(server, room)).connections).toBe(2);
  await until("the room knows", async () => (await look(server, room)).connections === 1);
  await delay(3_000);
  expect((await look(server, room)).connections).toBe(1);
  expect(silent.closes).toEqual([]);
  silent.destroy();
});

test("while writes fail the page is told, and when they work again, that too", async () => {
  const room = "doc-told";
  const client = await syncedClient(server.host, room, "editor1");
  await order(server, room, {
    faults: [{ operation: "put", times: 2, delayMs: 0, outcome: "throws" }],
    reset: false,
  });
  client.text.insert(0, "x");
  await client.saved();
  expect(client.messages).toEqual([
    { kind: "notSaved", reason: "storage" },
    { kind: "saved", barrier: 1 },
  ]);
  client.destroy();
});
