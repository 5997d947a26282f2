/** What an operator does over plain HTTP, with the service secret. */
import { rm, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { RoomFigures } from "../../protocol/room-figures";
import { SERVICE_SECRET } from "./access-server";
import type { PartyKitServer } from "./server-process";

/** As test-parties/faulty.ts reads it. */
export interface FaultOrder {
  faults: {
    operation: "get" | "list" | "put" | "delete" | "sync";
    times: number;
    delayMs: number;
    outcome: "works" | "throws" | "throwsWhenDone";
  }[];
  reset: boolean;
}

const headers = { authorization: `Bearer ${SERVICE_SECRET}` };

export async function look({ host }: PartyKitServer, room: string): Promise<RoomFigures> {
  const url = `http://${host}/parties/main/${room}`;
  // A kept-alive connection may be closed by the other end in the moment in which it is used again.
  const response = await fetch(url, { headers }).catch(() => fetch(url, { headers }));
  if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`);
  return (await response.json()) as RoomFigures;
}

export async function bury({ host }: PartyKitServer, room: string): Promise<number> {
  const response = await fetch(`http://${host}/parties/main/${room}`, { method: "DELETE", headers });
  await response.arrayBuffer();
  return response.status;
}

/** Plans faults for a room of the faulty party, and resets it if that is ordered. */
export async function order({ host }: PartyKitServer, room: string, faults: FaultOrder): Promise<void> {
  const response = await fetch(`http://${host}/parties/main/${room}`, {
    method: "POST",
    headers,
    body: JSON.stringify(faults),
  });
  await response.arrayBuffer();
  // The object that is reset may not live to answer.
  const expected = faults.reset ? [204, 500] : [204];
  if (!expected.includes(response.status)) throw new Error(`status ${response.status}`);
}

/** Loses all that the rooms have stored, as a disk would. The server must be down. */
export async function loseStorage({ state }: PartyKitServer): Promise<void> {
  for (const name of await readdir(join(state, "party"))) {
    await rm(join(state, "party", name), { recursive: true });
  }
}
