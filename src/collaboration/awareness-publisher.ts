/**
 * What this client tells the room about itself: only its own awareness entry, and no more often than useful.
 *
 * The provider would send on every entry that changes, including the ones it received from others, and every
 * single mouse move. Here the first change of a burst goes out at once and the rest as one frame per interval.
 * While nobody else is in the room nothing goes out but a sign of life, which the room needs: it forgets an
 * entry after 30 s.
 *
 * Frame: varuint 1 (awareness), then the awareness update as a byte array (y-protocols).
 */
import * as encoding from "lib0/encoding";
import { encodeAwarenessUpdate, type Awareness } from "y-protocols/awareness";

const AWARENESS_FRAME = 1;

/** 30 a second, the most that `DESIGN.md` allows a client. */
export const PUBLISH_INTERVAL_MS = 34;

/** Just below the 15 s after which Awareness renews its own entry, so that each renewal passes. */
export const ALONE_INTERVAL_MS = 14_000;

interface AwarenessChange {
  added: number[];
  updated: number[];
  removed: number[];
}

export interface AwarenessPublisher {
  /** Stops listening and drops what is still waiting. */
  stop: () => void;
}

/**
 * Publishes `awareness`'s own entry through `send`, which returns false while there is no connection; what was
 * not sent then is not kept, because a new connection starts with the whole entry anyway.
 */
export function publishAwareness(
  awareness: Awareness,
  send: (frame: Uint8Array) => boolean,
  now: () => number = Date.now,
): AwarenessPublisher {
  let lastSentAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const isAlone = () => {
    for (const clientId of awareness.getStates().keys()) {
      if (clientId !== awareness.clientID) return false;
    }
    return true;
  };

  const cancel = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };

  const publish = () => {
    cancel();
    if (send(ownFrame(awareness))) lastSentAt = now();
  };

  const onUpdate = ({ added, updated, removed }: AwarenessChange) => {
    const own = awareness.clientID;
    if (removed.includes(own)) {
      // Either this client leaves, or the room dropped an entry that is alive: both cannot wait.
      publish();
      return;
    }
    const someoneCame = added.some((clientId) => clientId !== own);
    if (someoneCame && timer !== null) {
      publish();
      return;
    }
    if (!added.includes(own) && !updated.includes(own)) return;
    const due = lastSentAt + (isAlone() ? ALONE_INTERVAL_MS : PUBLISH_INTERVAL_MS);
    if (due <= now()) publish();
    else timer ??= setTimeout(publish, due - now());
  };

  awareness.on("update", onUpdate);
  return {
    stop: () => {
      awareness.off("update", onUpdate);
      cancel();
    },
  };
}

/** The awareness frame that holds this client's entry and nobody else's. */
export function ownFrame(awareness: Awareness): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, AWARENESS_FRAME);
  encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, [awareness.clientID]));
  return encoding.toUint8Array(encoder);
}
