/**
 * The one root of an empty document.
 *
 * An editor that is bound to an empty fragment creates block group, block, paragraph and text with its first
 * keystroke. Two people who start at once create two of each; ProseMirror has room for one, and the words in the
 * other are thrown away. So nobody creates a root: everybody applies the same Yjs update, byte for byte. It has
 * a client id of its own, which nobody else uses, and Yjs takes structs with the same id for the same structs.
 *
 * Two people who delete each a different one of the last two blocks leave a block group without blocks, which
 * y-prosemirror removes. The next root then needs a new id, so that it is not taken for the one that was
 * removed: roots are numbered, and the first whose id the document has never seen is the next.
 *
 * The bytes are a storage format. A change here would make rival roots for documents that exist; a test pins them.
 */
import * as Y from "yjs";
import { DOCUMENT_FRAGMENT } from "../../protocol/content";

/** Client ids of Yjs are random 32-bit numbers; the chance that one falls into these few is nil. */
const FIRST_ROOT_CLIENT_ID = 1;

/** What BlockNote calls the block of an empty document; it leaves this id alone. */
const FIRST_BLOCK_ID = "initialBlockId";

/** The update that creates the `number`th root, counted from 0. */
export function rootUpdate(number: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = FIRST_ROOT_CLIENT_ID + number;
  doc.transact(() => {
    const group = new Y.XmlElement("blockGroup");
    doc.getXmlFragment(DOCUMENT_FRAGMENT).insert(0, [group]);
    const block = new Y.XmlElement("blockContainer");
    group.insert(0, [block]);
    block.setAttribute("id", FIRST_BLOCK_ID);
    const paragraph = new Y.XmlElement("paragraph");
    block.insert(0, [paragraph]);
    paragraph.setAttribute("backgroundColor", "default");
    paragraph.setAttribute("textColor", "default");
    paragraph.setAttribute("textAlignment", "left");
    // The text too: two first letters would otherwise each bring a text of their own.
    paragraph.insert(0, [new Y.XmlText()]);
  });
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/** Gives `doc` a root if it has none. Only for a document whose content is known: empty, not merely not loaded. */
export function ensureRoot(doc: Y.Doc): void {
  if (doc.getXmlFragment(DOCUMENT_FRAGMENT).length > 0) return;
  let number = 0;
  while (Y.getState(doc.store, FIRST_ROOT_CLIENT_ID + number) > 0) number++;
  Y.applyUpdate(doc, rootUpdate(number));
}

/** Keeps `doc` from being without a root, now and later; returns how to stop. */
export function keepRooted(doc: Y.Doc): () => void {
  const fragment = doc.getXmlFragment(DOCUMENT_FRAGMENT);
  const onChange = () => ensureRoot(doc);
  onChange();
  fragment.observe(onChange);
  return () => fragment.unobserve(onChange);
}
