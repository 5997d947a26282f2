/**
 * The shell of `save-state.ts` around a provider: sends barriers behind the frames that they ask about, and
 * listens for the room's answers.
 */
import * as decoding from "lib0/decoding";
import type YPartyKitProvider from "y-partykit/provider";
import { messageYjsSyncStep1 } from "y-protocols/sync";
import { RIPPLE_MESSAGE, encodeClientMessage, readRoomMessage } from "../../protocol/messages";
import {
  decideSave,
  initialSaveState,
  saveDeadline,
  savedOf,
  type SaveEvent,
  type Saved,
} from "./save-state";

const SYNC_FRAME = 0;

/** The document's size, once it nears the size at which the room refuses edits. */
export interface LargeDocument {
  bytes: number;
  limit: number;
}

export interface SaveWatch {
  saved: () => Saved;
  /** How long the last answer took to a barrier that had nothing to wait for; `null` before the first. */
  roundTripMs: () => number | null;
  large: () => LargeDocument | null;
  /** The document holds edits from before that may not be on the room's disk. */
  restore: () => void;
  setAttentive: (attentive: boolean) => void;
  stop: () => void;
}

export interface SaveWatchOptions {
  /** Tells the person's own edits from others' by the origin of a transaction. */
  isOwn: (origin: unknown) => boolean;
  onChange: () => void;
  /** When the room was last heard. */
  heardAt: () => number;
  /** The connection at hand is dead, though nothing says so. */
  onSilent: () => void;
}

export function watchSaving(
  provider: YPartyKitProvider,
  { isOwn, onChange, heardAt, onSilent }: SaveWatchOptions,
): SaveWatch {
  let state = initialSaveState;
  let large: LargeDocument | null = null;
  let roundTripMs: number | null = null;
  /** The barrier that is out, if no edit makes its answer wait for the room's disk. */
  let probe: { barrier: number; at: number } | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const dispatch = (event: SaveEvent) => {
    const now = Date.now();
    const decision = decideSave(state, event, now);
    state = decision.state;
    if (decision.barrier !== null && provider.wsconnected) {
      probe = state.covered === state.durable ? { barrier: decision.barrier, at: now } : null;
      provider.ws?.send(asBytes(encodeClientMessage({ kind: "barrier", barrier: decision.barrier })));
    }
    if (timer !== null) clearTimeout(timer);
    const due = saveDeadline(state, now);
    timer = due === null ? null : setTimeout(onTimer, Math.max(0, due - now));
    onChange();
    if (decision.silent) onSilent();
  };

  const onTimer = () => dispatch({ type: "timer", heardAt: heardAt() });

  const readSync = provider.messageHandlers[SYNC_FRAME];
  provider.messageHandlers[SYNC_FRAME] = (encoder, decoder, from, emitSynced, type) => {
    const asksForOurs = decoding.peekVarUint(decoder) === messageYjsSyncStep1;
    readSync?.(encoder, decoder, from, emitSynced, type);
    // The provider sends the step 2 that answers it when this handler has returned; the barrier follows.
    if (asksForOurs) queueMicrotask(() => dispatch({ type: "ready" }));
  };
  provider.messageHandlers[RIPPLE_MESSAGE] = (_encoder, decoder) => {
    const message = readRoomMessage(decoder);
    switch (message?.kind) {
      case "saved":
        if (message.barrier === probe?.barrier) roundTripMs = Date.now() - probe.at;
        dispatch({ type: "saved", barrier: message.barrier });
        return;
      case "notSaved":
        dispatch({ type: "not-saved", reason: message.reason });
        return;
      case "large":
        large = { bytes: message.bytes, limit: message.limit };
        onChange();
        return;
      case undefined:
        return;
    }
  };

  const onEdit = () => dispatch({ type: "edited", people: provider.awareness.getStates().size });
  const onUpdate = (_update: Uint8Array, origin: unknown) => {
    if (isOwn(origin)) onEdit();
  };
  const onClose = () => dispatch({ type: "closed" });
  provider.doc.on("update", onUpdate);
  provider.on("connection-close", onClose);

  return {
    saved: () => savedOf(state, Date.now()),
    roundTripMs: () => roundTripMs,
    large: () => large,
    restore: onEdit,
    setAttentive: (attentive) => dispatch({ type: "attentive", attentive }),
    stop: () => {
      provider.doc.off("update", onUpdate);
      provider.off("connection-close", onClose);
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** What y-protocols and lib0 hand out is never shared memory, though their types allow it. */
export function asBytes(frame: Uint8Array): Uint8Array<ArrayBuffer> {
  return frame as Uint8Array<ArrayBuffer>;
}
