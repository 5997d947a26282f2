/**
 * `node scripts/run.mjs scale-counts`: measures the counts of docs/scale.md on this machine, in under a minute. People
 * are official providers who write a character at a time, five times a second each, and ask after each whether it is
 * saved; the figures are those that rooms give operators. It prints the table.
 */
import type { RoomFigures } from "../protocol/room-figures";
import { startAccessServer } from "../partykit/tests/access-server";
import { syncedClient, type Client } from "../partykit/tests/clients";
import { look } from "../partykit/tests/operator";
import { startPartyKit } from "../partykit/tests/server-process";
import { countsTable } from "./scale/tables";

const PEOPLE = [1, 2, 4];
const EDIT_INTERVAL_MS = 200;
const DURATION_MS = 40_000;

const convex = await startAccessServer();
const server = await startPartyKit({ vars: convex.vars });
try {
  console.log(countsTable(await Promise.all(PEOPLE.map(measure))));
} finally {
  await server.dispose();
  await convex.close();
}

async function measure(people: number): Promise<{ people: number; edits: number; figures: RoomFigures }> {
  const room = `doc-${people}people`;
  const clients: Client[] = [];
  for (let n = 0; n < people; n++) clients.push(await syncedClient(server.host, room, `editor${n}`));
  const edits = await Promise.all(clients.map(write));
  const figures = await look(server, room);
  for (const client of clients) client.destroy();
  return { people, edits: edits.reduce((sum, count) => sum + count, 0), figures };
}

/** Types until the time is over. Returns how often. */
async function write(client: Client): Promise<number> {
  const end = Date.now() + DURATION_MS;
  let edits = 0;
  const barriers: Promise<boolean>[] = [];
  while (Date.now() < end) {
    client.text.insert(client.text.length, "x");
    barriers.push(client.barrier());
    edits += 1;
    await new Promise((resolve) => setTimeout(resolve, EDIT_INTERVAL_MS));
  }
  await Promise.all(barriers);
  return edits;
}
