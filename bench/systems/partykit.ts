/**
 * The systems that run in workerd, each through `partykit dev` with state of its own: Ripple's party, y-partykit as
 * it comes, and a plain broadcast. What counts as the server is workerd; what `partykit dev` runs beside it watches the
 * source files.
 */
import { z } from "zod";
import { signToken, startAccessServer } from "../../partykit/tests/access-server";
import { startPartyKit, type PartyKitServer } from "../../partykit/tests/server-process";
import type { Target } from "../load/target";
import { open, type RunningSystem } from "./system";

const RippleFigures = z.object({ document: z.object({ writes: z.number() }).nullable() });
const StockFigures = z.object({ storageWrites: z.number() });

/** Ripple, with a small server on loopback in place of Convex that lets everybody in. */
export async function startRipple(): Promise<RunningSystem> {
  const convex = await startAccessServer();
  const server = await startPartyKit({ vars: convex.vars });
  const running = rippleOf(server, convex.vars, (room, client) => signToken(`editor${client}`, room));
  return {
    ...running,
    async stop() {
      await running.stop();
      await convex.close();
    },
  };
}

/** Ripple's party on `server`. `vars` are its variables, the secrets among them. */
export function rippleOf(
  server: PartyKitServer,
  vars: Record<string, string>,
  token: RunningSystem["token"],
): RunningSystem {
  const headers = { authorization: `Bearer ${vars.ROOM_SERVICE_SECRET ?? ""}` };
  return {
    ...common(server, "ripple"),
    room: open.room,
    token,
    async storageWrites(rooms) {
      const figures = await look(server, rooms, headers);
      return sum(figures.map((value) => RippleFigures.parse(value).document?.writes ?? 0));
    },
  };
}

export async function startStock(): Promise<RunningSystem> {
  const server = await startPartyKit({ vars: {}, main: "bench/systems/parties/stock.ts" });
  return {
    ...common(server, "partykit"),
    ...open,
    async storageWrites(rooms) {
      const figures = await look(server, rooms, {});
      return sum(figures.map((value) => StockFigures.parse(value).storageWrites));
    },
  };
}

export async function startFloor(): Promise<RunningSystem> {
  const server = await startPartyKit({ vars: {}, main: "bench/systems/parties/floor.ts" });
  return {
    ...common(server, "floor"),
    ...open,
    storageWrites: () => Promise.resolve(null),
  };
}

function common(server: PartyKitServer, flavor: Target["flavor"]) {
  return {
    target: { flavor, host: server.host },
    pids: async () => [await server.workerdPid()],
    stop: () => server.dispose(),
  };
}

function look(server: PartyKitServer, rooms: string[], headers: Record<string, string>): Promise<unknown[]> {
  return Promise.all(
    rooms.map(async (room): Promise<unknown> => {
      const response = await fetch(`http://${server.host}/parties/main/${room}`, { headers });
      if (response.status !== 200) throw new Error(`looking into a room: status ${response.status}`);
      return response.json();
    }),
  );
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
