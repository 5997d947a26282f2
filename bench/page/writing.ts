/** Documents with something in them, and people who only move their cursors there: both without a browser. */
import { WebSocket } from "ws";
import YPartyKitProvider from "y-partykit/provider";
import * as Y from "yjs";
import { api } from "../../convex/_generated/api";
import { tokenOf, type Person } from "../../e2e/people";
import { DOCUMENT_FRAGMENT } from "../../protocol/content";
import { encodeClientMessage, readRoomMessage, RIPPLE_MESSAGE } from "../../protocol/messages";
import { roomIdFor } from "../../protocol/rooms";
import { randomFrom } from "../load/random";

const WORDS = "river stone paper lantern orchard signal harbour mirror copper meadow anchor thread".split(
  " ",
);

/** How the first block of every written document begins. */
export const OPENING = "Once upon a time";

export interface Seat {
  provider: YPartyKitProvider;
  doc: Y.Doc;
  /** Resolves when all that was written here is on the room's disk. */
  saved: () => Promise<void>;
  leave: () => void;
}

/** Takes a seat in a document's room with the official provider. */
export async function sit(partykitHost: string, person: Person, documentId: string): Promise<Seat> {
  const doc = new Y.Doc();
  const token = await tokenOf(person, documentId);
  const provider = new YPartyKitProvider(partykitHost, roomIdFor("doc", documentId), doc, {
    params: { token },
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  await new Promise<void>((resolve) => {
    provider.on("synced", (isSynced: boolean) => {
      if (isSynced) resolve();
    });
  });
  const saved = () =>
    new Promise<void>((resolve) => {
      provider.messageHandlers[RIPPLE_MESSAGE] = (_encoder, decoder) => {
        if (readRoomMessage(decoder)?.kind === "saved") resolve();
      };
      provider.ws?.send(new Uint8Array(encodeClientMessage({ kind: "barrier", barrier: 1 })));
    });
  const leave = () => {
    provider.destroy();
    provider.awareness.destroy();
    doc.destroy();
  };
  return { provider, doc, saved, leave };
}

/** Fills an empty document with paragraphs until it takes about `bytes`, in BlockNote's own structure. */
export function write(doc: Y.Doc, bytes: number, seed: number): void {
  const random = randomFrom(seed);
  doc.transact(() => {
    const group = new Y.XmlElement("blockGroup");
    doc.getXmlFragment(DOCUMENT_FRAGMENT).insert(0, [group]);
    const blocks: Y.XmlElement[] = [];
    for (let written = 0, number = 0; written < bytes; number++) {
      const words = Array.from({ length: 60 }, () => WORDS[Math.floor(random() * WORDS.length)] ?? "");
      const text = number === 0 ? `${OPENING}, ${words.join(" ")}` : words.join(" ");
      blocks.push(paragraph(`block-${seed}-${number}`, text));
      // What Yjs adds to a block's text: its elements, their attributes and its id.
      written += text.length + 130;
    }
    group.insert(0, blocks);
  });
}

function paragraph(id: string, text: string): Y.XmlElement {
  const block = new Y.XmlElement("blockContainer");
  block.setAttribute("id", id);
  const content = new Y.XmlElement("paragraph");
  content.setAttribute("backgroundColor", "default");
  content.setAttribute("textColor", "default");
  content.setAttribute("textAlignment", "left");
  const words = new Y.XmlText();
  words.insert(0, text);
  content.insert(0, [words]);
  block.insert(0, [content]);
  return block;
}

/** A new document of the person with about this much in it, and nobody at it. */
export async function makeDocument(
  partykitHost: string,
  person: Person,
  title: string,
  bytes: number,
  workspaceId?: string,
): Promise<string> {
  const documentId = await person.convex.mutation(api.documents.create, {
    title,
    ...(workspaceId !== undefined && { workspaceId }),
  });
  const seat = await sit(partykitHost, person, documentId);
  write(seat.doc, bytes, title.length);
  await seat.saved();
  seat.leave();
  return documentId;
}

/**
 * Moves a caret through the text as often as the page would tell of it, until the returned function is called. Each
 * of these people is a provider of its own, so the room has as many connections.
 */
export function wander({ provider, doc }: Seat, name: string, intervalMs: number): () => void {
  const blocks = doc.getXmlFragment(DOCUMENT_FRAGMENT).get(0);
  if (!(blocks instanceof Y.XmlElement)) throw new Error("the document has no blocks");
  let step = 0;
  const timer = setInterval(() => {
    step += 1;
    const block = blocks.get(Math.floor(step / 40) % blocks.length);
    const text = block instanceof Y.XmlElement ? textIn(block) : null;
    if (text === null) return;
    const at = Y.relativePositionToJSON(
      Y.createRelativePositionFromTypeIndex(text, step % text.length),
    ) as unknown;
    provider.awareness.setLocalState({ user: { name, color: "#1971c2" }, cursor: { anchor: at, head: at } });
  }, intervalMs);
  return () => clearInterval(timer);
}

function textIn(block: Y.XmlElement): Y.XmlText | null {
  const content = block.get(0);
  const text = content instanceof Y.XmlElement ? content.get(0) : null;
  return text instanceof Y.XmlText ? text : null;
}
