/**
 * Notices that a room is about to be opened: a link to it is pressed, or the pointer rests on it. A pointer that passes
 * over a list means nothing: it has to rest, and at most one room a second is named like that.
 */
import type { RoomRef } from "../../protocol/rooms";
import { itemAt } from "../workspace/items";

/** How long a pointer rests on a link before that means something. */
export const REST_MS = 120;
export const REST_GAP_MS = 1_000;

type Open = (room: RoomRef) => void;

/** Watches all links of the page; returns how to stop. */
export function watchLinks(page: Document, open: Open): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let openedAt = -Infinity;
  const cancel = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const onOver = (event: Event) => {
    cancel();
    const room = roomAt(event.target);
    if (room === null) return;
    const wait = Math.max(REST_MS, openedAt + REST_GAP_MS - Date.now());
    timer = setTimeout(() => {
      openedAt = Date.now();
      open(room);
    }, wait);
  };
  const onPress = (event: Event) => {
    cancel();
    const room = roomAt(event.target);
    if (room !== null) open(room);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") onPress(event);
  };
  page.addEventListener("pointerover", onOver, { passive: true });
  page.addEventListener("pointerdown", onPress, { passive: true });
  page.addEventListener("keydown", onKey);
  return () => {
    cancel();
    page.removeEventListener("pointerover", onOver);
    page.removeEventListener("pointerdown", onPress);
    page.removeEventListener("keydown", onKey);
  };
}

function roomAt(target: EventTarget | null): RoomRef | null {
  const link = target instanceof Element ? target.closest("a[href]") : null;
  return itemAt(link?.getAttribute("href") ?? "");
}
