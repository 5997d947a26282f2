/**
 * Which of the others' cursors have not moved for a while: they fade, so that an eye which looks for what happens is
 * not led to where nothing does. An awareness entry is renewed all the time; only what it says of the cursor counts.
 */
import type { Awareness } from "y-protocols/awareness";

/** Somebody who reads what they have just written does not vanish at once. */
export const STILL_AFTER_MS = 8_000;

export interface Stillness {
  isStill: (clientId: number) => boolean;
  /** Something has changed that `cursorOf` also looks at. */
  lookAgain: () => void;
  stop: () => void;
}

interface AwarenessChange {
  added: number[];
  updated: number[];
  removed: number[];
}

/** `cursorOf` says of a client's state what moves. `onChange`: `isStill` may answer differently. */
export function watchStillness(
  awareness: Awareness,
  cursorOf: (state: Record<string, unknown>, clientId: number) => unknown,
  onChange: () => void,
): Stillness {
  const moved = new Map<number, { cursor: string; at: number }>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  const isStill = (clientId: number) => {
    const last = moved.get(clientId);
    return last !== undefined && Date.now() - last.at >= STILL_AFTER_MS;
  };

  const arm = () => {
    if (timer !== null) clearTimeout(timer);
    const ends = [...moved.values()].map(({ at }) => at + STILL_AFTER_MS).filter((end) => end > Date.now());
    timer = ends.length === 0 ? null : setTimeout(tell, Math.min(...ends) - Date.now());
  };

  const tell = () => {
    arm();
    onChange();
  };

  /** Whether any of these has moved. */
  const look = (clientIds: Iterable<number>): boolean => {
    let hasMoved = false;
    for (const clientId of clientIds) {
      const state = awareness.getStates().get(clientId);
      if (state === undefined || clientId === awareness.clientID) continue;
      const cursor = JSON.stringify([cursorOf(state, clientId)]);
      if (moved.get(clientId)?.cursor === cursor) continue;
      moved.set(clientId, { cursor, at: Date.now() });
      hasMoved = true;
    }
    return hasMoved;
  };

  const onAwareness = ({ added, updated, removed }: AwarenessChange) => {
    for (const clientId of removed) moved.delete(clientId);
    if (look([...added, ...updated])) tell();
  };
  awareness.on("change", onAwareness);
  if (look(awareness.getStates().keys())) arm();
  return {
    isStill,
    lookAgain: () => {
      if (look(awareness.getStates().keys())) tell();
    },
    stop: () => {
      awareness.off("change", onAwareness);
      if (timer !== null) clearTimeout(timer);
    },
  };
}
