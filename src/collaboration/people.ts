import * as z from "zod/mini";
import type { Person } from "../offline/remembered-person";
import { ATTENTIONS, type Attention } from "./connection-policy";

/** Somebody else in the room, and whether they are at work in it. */
export interface Other extends Person {
  attention: Attention;
}

/** A part of an awareness entry: the room stamps the `user`, but what arrives is still only bytes. */
const Entry = z.object({
  user: z.object({
    userId: z.string().check(z.minLength(1)),
    name: z.string().check(z.minLength(1)),
    color: z.string().check(z.regex(/^#[0-9a-f]{6}$/i)),
  }),
  attention: z.catch(z.enum(ATTENTIONS), "here"),
});

/**
 * Who else is in the room, each person once and as the tab shows them in which they are most at work, in an order that
 * does not jump: by name. Entries that name nobody are left out.
 */
export function othersIn(states: Iterable<Record<string, unknown>>, ownUserId: string): Other[] {
  const people = new Map<string, Other>();
  for (const state of states) {
    const entry = Entry.safeParse(state);
    if (!entry.success || entry.data.user.userId === ownUserId) continue;
    const { user, attention } = entry.data;
    const other = people.get(user.userId)?.attention ?? attention;
    const rank = Math.min(ATTENTIONS.indexOf(attention), ATTENTIONS.indexOf(other));
    people.set(user.userId, { ...user, attention: ATTENTIONS[rank] ?? attention });
  }
  return [...people.values()].sort(byName);
}

export function byName(a: Person, b: Person): number {
  return a.name.localeCompare(b.name) || (a.userId < b.userId ? -1 : 1);
}

/** A reload, and a line that breaks and is there again, take no longer than this. */
export const LEAVE_GRACE_MS = 4_000;

/** Somebody who is shown; `leftAt` when they were last here, if they are not now. */
export interface Shown extends Other {
  leftAt: number | null;
}

/** Those who are here, and those who were a moment ago: nobody flickers who reloads their page. */
export function withLeavers(before: Shown[], present: Other[], now: number): Shown[] {
  const here = new Set(present.map(({ userId }) => userId));
  const leavers = before
    .filter(({ userId, leftAt }) => !here.has(userId) && now - (leftAt ?? now) < LEAVE_GRACE_MS)
    .map((person) => ({ ...person, leftAt: person.leftAt ?? now }));
  return [...present.map((person) => ({ ...person, leftAt: null })), ...leavers].sort(byName);
}
