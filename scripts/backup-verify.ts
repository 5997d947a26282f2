/**
 * `npm run backup:verify`: whether rooms would come back from their backups, tried out on a random sample of them.
 *
 *   npm run backup:verify                     20 rooms
 *   npm run backup:verify -- --sample 500
 *   npm run backup:verify -- --room doc-…     this one; may be repeated
 *
 * It changes nothing. Every fault is printed with the room's id, and one ends it with code 1.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { Doors } from "./backup/doors";
import { verifyRoom, type Verdict } from "./backup/verify";
import type { Env } from "./local-env";
import { Fault } from "./smoke/fault";

const { values } = parseArgs({
  options: {
    sample: { type: "string", default: "20" },
    room: { type: "string", multiple: true, default: [] },
  },
});
const size = Number(values.sample);
if (!Number.isInteger(size) || size < 1) {
  console.error(`--sample must be a number of rooms, not "${values.sample}".`);
  process.exit(1);
}
process.exit((await verify()) ? 0 : 1);

async function verify(): Promise<boolean> {
  const counts: Record<Verdict["kind"] | "faulty", number> = {
    verified: 0,
    empty: 0,
    waiting: 0,
    deleted: 0,
    faulty: 0,
  };
  try {
    const doors = new Doors(process.env as Env);
    const all = values.room.length > 0 ? values.room : await doors.rooms();
    const chosen = sampleOf(all, values.room.length > 0 ? all.length : size);
    for (const roomId of chosen) {
      const kind = await report(doors, roomId);
      counts[kind] += 1;
    }
    console.log(
      `${chosen.length} of ${all.length} rooms: ${counts.verified} verified, ${counts.empty} empty, ` +
        `${counts.waiting} waiting for their first backup, ${counts.deleted} deleted meanwhile, ${counts.faulty} faulty.`,
    );
    return counts.faulty === 0;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    console.error(`FAULT: ${error.message}.`);
    return false;
  }
}

async function report(doors: Doors, roomId: string): Promise<Verdict["kind"] | "faulty"> {
  try {
    const verdict = await verifyRoom(doors, roomId, Date.now);
    if (verdict.kind === "verified")
      console.log(`ok  ${roomId}: backup ${verdict.number}, ${verdict.bytes} bytes`);
    return verdict.kind;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    console.error(`FAULT: ${roomId}: ${error.message}.`);
    return "faulty";
  }
}

/** So many of them, each as likely as the others. */
function sampleOf(all: string[], count: number): string[] {
  const drawn = all.map((roomId) => ({ roomId, lot: randomInt(2 ** 47) }));
  return drawn
    .sort((a, b) => a.lot - b.lot)
    .slice(0, count)
    .map(({ roomId }) => roomId);
}
