/**
 * Elements that somebody is dragging, resizing or rotating at this moment. Whoever does so names them in the `held`
 * field of their awareness entry; others' changes to them wait until they are let go (`diagram-binding.ts`). A hold
 * ends when the field says so, when its owner leaves, and when nothing has been heard of them for a while: nobody keeps
 * an element by falling asleep over it.
 *
 * Who finds an element held does not hold it too. If two took it in the same moment, the lower client id has it.
 */
import * as z from "zod/mini";

/** A hand that rests keeps an element for this long. */
export const HOLD_SILENCE_MS = 3_000;

const Holding = z.object({
  user: z.object({ name: z.string() }),
  held: z.array(z.string()).check(z.maxLength(1_000)),
});

export interface Holds {
  /** The name of who holds it, by element id. */
  readonly byOthers: ReadonlyMap<string, string>;
  /** When the first of these holds ends by silence, in milliseconds since 1970; `null` if there is none. */
  readonly until: number | null;
}

interface AwarenessLike {
  readonly clientID: number;
  getStates(): ReadonlyMap<number, unknown>;
  readonly meta: ReadonlyMap<number, { lastUpdated: number }>;
}

/** What others hold; `own` is what this client holds itself. */
export function holdsIn(awareness: AwarenessLike, own: readonly string[], now: number): Holds {
  const byOthers = new Map<string, string>();
  let until: number | null = null;
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID) continue;
    const holding = Holding.safeParse(state);
    const ends = (awareness.meta.get(clientId)?.lastUpdated ?? 0) + HOLD_SILENCE_MS;
    if (!holding.success || holding.data.held.length === 0 || ends <= now) continue;
    for (const id of holding.data.held) {
      if (own.includes(id) && awareness.clientID < clientId) continue;
      byOthers.set(id, holding.data.user.name);
      until = Math.min(until ?? Infinity, ends);
    }
  }
  return { byOthers, until };
}
