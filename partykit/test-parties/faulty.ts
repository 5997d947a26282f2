/**
 * The `main` party on storage that fails when it is told to, and with little patience for silent sockets. For the
 * fault suite only; it is not deployed.
 *
 * `POST` with the service secret and a `FaultOrder` plans faults for this room. A plan belongs to the room, not to
 * the object, so it also meets the load of the object that follows a reset.
 */
import type * as Party from "partykit/server";
import { z } from "zod";
import RoomServer from "../server";

const OPERATIONS = ["get", "list", "put", "delete", "sync"] as const;
type Operation = (typeof OPERATIONS)[number];

export const Fault = z.object({
  operation: z.enum(OPERATIONS),
  /** How many calls it meets. */
  times: z.number().int().positive(),
  /** How long such a call takes longer. */
  delayMs: z.number().int().nonnegative(),
  /** Whether it then fails: before it did anything, or after it was done. */
  outcome: z.enum(["works", "throws", "throwsWhenDone"]),
});
export type Fault = z.infer<typeof Fault>;

export const FaultOrder = z.object({
  faults: z.array(Fault),
  /** Resets the object now, as the platform does on an exception that nobody caught. */
  reset: z.boolean(),
});
export type FaultOrder = z.infer<typeof FaultOrder>;

/** A dead socket is found within two seconds. */
const IMPATIENT = { housekeepingMs: 250, silenceMs: 1_000, answerMs: 1_000 };

const plans = new Map<string, Fault[]>();

export default class FaultyServer extends RoomServer {
  readonly #party: Party.Room;

  constructor(party: Party.Room) {
    super(withFaults(party), IMPATIENT);
    this.#party = party;
  }

  override async onRequest(request: Party.Request): Promise<Response> {
    if (request.method !== "POST") return super.onRequest(request);
    const order = FaultOrder.parse(await request.json());
    plans.set(this.#party.internalID, order.faults);
    if (order.reset) {
      void this.#party.blockConcurrencyWhile(() => Promise.reject(new Error("reset by the fault suite")));
    }
    return new Response(null, { status: 204 });
  }
}

function withFaults(party: Party.Room): Party.Room {
  const planned = () => plans.get(party.internalID) ?? [];
  const storage = faulty(party.storage, planned);
  return new Proxy(party, {
    get: (target, key): unknown => (key === "storage" ? storage : Reflect.get(target, key)),
  });
}

function faulty<T extends object>(storage: T, planned: () => Fault[]): T {
  return new Proxy(storage, {
    get(target, key): unknown {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => {
        const call = () => Reflect.apply(member, target, args) as unknown;
        const fault = takeFault(key, planned());
        return fault === null ? call() : meet(fault, call);
      };
    },
  });
}

function takeFault(key: string | symbol, faults: Fault[]): Fault | null {
  const fault = faults.find(({ operation, times }) => operation === (key as Operation) && times > 0);
  if (fault === undefined) return null;
  fault.times -= 1;
  return fault;
}

async function meet({ operation, delayMs, outcome }: Fault, call: () => unknown): Promise<unknown> {
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  if (outcome === "throws") throw new Error(`${operation} fails`);
  const result: unknown = await call();
  if (outcome === "throwsWhenDone") throw new Error(`${operation} fails, having worked`);
  return result;
}

FaultyServer satisfies Party.Worker;
