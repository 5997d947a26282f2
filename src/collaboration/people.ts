import * as z from "zod/mini";
import type { Person } from "../offline/remembered-person";

/** The `user` field of an awareness entry: the room stamps it, but what arrives is still only bytes. */
const AwarenessUser = z.object({
  userId: z.string().check(z.minLength(1)),
  name: z.string().check(z.minLength(1)),
  color: z.string().check(z.regex(/^#[0-9a-f]{6}$/i)),
});

/**
 * Who else is in the room, each person once however many tabs they have, in an order that does not jump: by name.
 * Entries that name nobody are left out.
 */
export function othersIn(states: Iterable<Record<string, unknown>>, ownUserId: string): Person[] {
  const people = new Map<string, Person>();
  for (const { user } of states) {
    const person = AwarenessUser.safeParse(user);
    if (person.success && person.data.userId !== ownUserId) people.set(person.data.userId, person.data);
  }
  return [...people.values()].sort((a, b) => a.name.localeCompare(b.name) || (a.userId < b.userId ? -1 : 1));
}
