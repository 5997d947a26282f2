/**
 * Who used this browser last, and has not signed out. It only says whose local copies may be shown before the
 * backend has answered, or while it cannot; what anybody may do is decided where it always is.
 */
import { useQuery } from "convex/react";
import { useEffect } from "react";
import { api } from "../../convex/_generated/api";

const KEY = "ripple.person";

export interface Person {
  userId: string;
  name: string;
  color: string;
}

export function rememberedPerson(): Person | null {
  try {
    const person: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return isPerson(person) ? person : null;
  } catch {
    // A browser that keeps nothing, or a value that is not ours.
    return null;
  }
}

export function forgetPerson(): void {
  localStorage.removeItem(KEY);
}

/** Calls back when another tab has forgotten the person, who has signed out there; returns how to stop. */
export function onForgotten(callback: () => void): () => void {
  const listener = ({ storageArea, key, newValue }: StorageEvent) => {
    // `key` is null when everything was cleared.
    if (storageArea === localStorage && (key === KEY || key === null) && newValue === null) callback();
  };
  addEventListener("storage", listener);
  return () => removeEventListener("storage", listener);
}

/** Who is signed in: as the backend says, and until it does as this browser remembers. `null`: nobody is known. */
export function useMe(): Person | null {
  const live = useQuery(api.users.me);
  const { userId, name, color } = live ?? {};
  useEffect(() => {
    if (userId === undefined || name === undefined || color === undefined) return;
    const person = JSON.stringify({ userId, name, color });
    if (localStorage.getItem(KEY) !== person) localStorage.setItem(KEY, person);
  }, [userId, name, color]);
  return live === undefined ? rememberedPerson() : live;
}

function isPerson(value: unknown): value is Person {
  if (typeof value !== "object" || value === null) return false;
  const { userId, name, color } = value as Partial<Record<keyof Person, unknown>>;
  return typeof userId === "string" && typeof name === "string" && typeof color === "string";
}
