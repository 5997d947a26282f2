/**
 * Keeps tabs of one person that are in the same room in step, without a network too. Document updates only: the
 * provider's own channel would also pass awareness on, and each tab would send the other's to the room.
 *
 *   hello  {vector}         a tab has come: what do you have that I lack? Each answers with `update` and `ask`.
 *   ask    {vector}         and you? Answered with `update`.
 *   update {update, sent}   what was edited here, or was asked for. `sent`: this tab is connected and has sent it to
 *                           the room, so that nobody else needs to.
 *
 * A tab that sent into a dead line notices, and sends again when it connects; meanwhile the room tells the others that
 * what they build upon it is not saved yet.
 */
import * as Y from "yjs";

type TabMessage =
  | { kind: "hello" | "ask"; vector: Uint8Array<ArrayBuffer> }
  | { kind: "update"; update: Uint8Array<ArrayBuffer>; sent: boolean };

export interface TabChannel {
  /** Asks the other tabs for what this one lacks. */
  sayHello: () => void;
  stop: () => void;
}

export interface TabChannelOptions {
  name: string;
  doc: Y.Doc;
  /** Whether a transaction with this origin was made by the person in this tab. */
  isOwn: (origin: unknown) => boolean;
  /** Whether what is edited now reaches the room at once. */
  isConnected: () => boolean;
  /** Takes in what came from another tab. */
  apply: (update: Uint8Array, sent: boolean) => void;
}

export function openTabChannel({ name, doc, isOwn, isConnected, apply }: TabChannelOptions): TabChannel {
  const channel = new BroadcastChannel(name);
  const post = (message: TabMessage) => channel.postMessage(message);

  const tell = (update: Uint8Array) => post({ kind: "update", update: bytes(update), sent: isConnected() });
  const ask = (kind: "hello" | "ask") => post({ kind, vector: bytes(Y.encodeStateVector(doc)) });

  const onUpdate = (update: Uint8Array, origin: unknown) => {
    if (isOwn(origin)) tell(update);
  };
  const onMessage = ({ data }: MessageEvent<TabMessage>) => {
    switch (data.kind) {
      case "hello":
        tell(Y.encodeStateAsUpdate(doc, data.vector));
        ask("ask");
        return;
      case "ask":
        tell(Y.encodeStateAsUpdate(doc, data.vector));
        return;
      case "update":
        apply(data.update, data.sent);
    }
  };

  doc.on("update", onUpdate);
  channel.addEventListener("message", onMessage);
  return {
    sayHello: () => ask("hello"),
    stop: () => {
      doc.off("update", onUpdate);
      channel.close();
    },
  };
}

/** What Yjs hands out is never shared memory, though its types allow it. */
function bytes(update: Uint8Array): Uint8Array<ArrayBuffer> {
  return update as Uint8Array<ArrayBuffer>;
}
