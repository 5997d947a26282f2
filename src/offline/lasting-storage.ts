/**
 * Asking the browser not to clear what Ripple keeps when the device runs short of space. Some browsers decide by
 * themselves, others ask the person: so they are asked when the person has just written something, not on arrival.
 */
import { noteTrouble } from "./troubles";

let asked = false;

/** Asks, once for as long as the page is open, and only if it is not granted already. */
export function askOnceToLast(): void {
  if (asked) return;
  asked = true;
  askToLast().catch((error: unknown) => {
    noteTrouble("The browser could not be asked to keep what is on this device", error);
  });
}

/** Resolves with whether the browser keeps everything until the person removes it. */
export async function askToLast(): Promise<boolean> {
  return (await isLasting()) || (hasStorageManager() && (await navigator.storage.persist()));
}

export async function isLasting(): Promise<boolean> {
  return hasStorageManager() && (await navigator.storage.persisted());
}

/** There is none outside secure contexts. */
function hasStorageManager(): boolean {
  return "storage" in navigator;
}
