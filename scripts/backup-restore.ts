/**
 * `npm run backup:restore -- doc-…`: throws away what one room has stored, and takes its backup in its place.
 *
 * For a room that cannot be opened any more, or whose storage cannot be trusted. Everybody in it is sent out and may
 * come back at once; what their pages have and the backup lacks they bring along.
 */
import { Doors } from "./backup/doors";
import type { Env } from "./local-env";
import { Fault } from "./smoke/fault";

const [roomId, ...rest] = process.argv.slice(2);
if (roomId === undefined || rest.length > 0) {
  console.error("Say which room: npm run backup:restore -- doc-…");
  process.exit(1);
}
try {
  const number = await new Doors(process.env as Env).restore(roomId);
  console.log(`${roomId} is back at its backup ${number}.`);
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  console.error(`FAULT: ${roomId}: ${error.message}.`);
  process.exit(1);
}
