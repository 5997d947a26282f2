/**
 * What somebody changed, taken out of a room's document: the blocks of a text and the elements of a drawing that hold
 * something of theirs. Yjs numbers what each writer inserts, so what a writer inserted since a clock is told from
 * everything else. What was deleted is not there to be shown.
 */
import * as Y from "yjs";
import { DIAGRAM_ELEMENTS, DOCUMENT_FRAGMENT } from "../../protocol/content";
import type { ResourceKind } from "../../protocol/rooms";
import { ensureRoot } from "../documents/canonical-root";

/** The clock of the first edit, by writer: as `CopyRecord.unsynced`. */
export type Edits = Record<string, number>;

const GROUP = "blockGroup";
const BLOCK = "blockContainer";

/** A document of its own (as a V1 update) with all that `edits` changed in `doc`. */
export function changedContent(doc: Y.Doc, kind: ResourceKind, edits: Edits): Uint8Array {
  const own = new Y.Doc();
  if (kind === "doc") {
    const blocks = changedBlocks(doc.getXmlFragment(DOCUMENT_FRAGMENT), edits);
    const group = new Y.XmlElement(GROUP);
    own.getXmlFragment(DOCUMENT_FRAGMENT).insert(0, [group]);
    group.insert(0, blocks.map(copyBlock));
  } else {
    const elements = doc.getMap<unknown>(DIAGRAM_ELEMENTS);
    for (const [id, item] of elements._map) {
      if (isOf(item, edits)) own.getMap<unknown>(DIAGRAM_ELEMENTS).set(id, elements.get(id));
    }
  }
  const content = Y.encodeStateAsUpdate(own);
  own.destroy();
  return content;
}

/** Adds what `changedContent` took out to another document, whose content is known. */
export function addContent(target: Y.Doc, kind: ResourceKind, content: Uint8Array): void {
  const own = new Y.Doc();
  Y.applyUpdate(own, content);
  if (kind === "doc") {
    ensureRoot(target);
    const group = target.getXmlFragment(DOCUMENT_FRAGMENT).get(0);
    const blocks = elementsIn(own.getXmlFragment(DOCUMENT_FRAGMENT)).flatMap(elementsIn);
    if (group instanceof Y.XmlElement) group.insert(0, blocks.map(copyBlock));
  } else {
    target.transact(() => {
      for (const [id, element] of own.getMap<unknown>(DIAGRAM_ELEMENTS)) {
        target.getMap<unknown>(DIAGRAM_ELEMENTS).set(id, element);
      }
    });
  }
  own.destroy();
}

function changedBlocks(node: Y.XmlFragment, edits: Edits): Y.XmlElement[] {
  return elementsIn(node).flatMap((child) => {
    const inside = changedBlocks(child, edits);
    return child.nodeName === BLOCK && ownParts(child).some((part) => touches(part, edits))
      ? [child, ...inside]
      : inside;
  });
}

function elementsIn(node: Y.XmlFragment): Y.XmlElement[] {
  return node.toArray().filter((child) => child instanceof Y.XmlElement);
}

/** What belongs to a block itself, and not to the blocks that are indented below it. */
function ownParts(block: Y.XmlElement): Y.XmlElement[] {
  return elementsIn(block).filter(({ nodeName }) => nodeName !== GROUP);
}

function copyBlock(block: Y.XmlElement): Y.XmlElement {
  const copy = new Y.XmlElement(BLOCK);
  for (const [name, value] of Object.entries(block.getAttributes())) {
    if (typeof value === "string") copy.setAttribute(name, value);
  }
  copy.insert(
    0,
    ownParts(block).map((part) => part.clone()),
  );
  return copy;
}

/** What every shared type has, whatever its events are. */
type Shared = Pick<Y.XmlElement, "_item" | "_map" | "_start">;

function touches(type: Shared, edits: Edits): boolean {
  if (type._item !== null && isOf(type._item, edits)) return true;
  for (const item of type._map.values()) if (isOf(item, edits)) return true;
  for (let item = type._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (isOf(item, edits)) return true;
    if (item.content instanceof Y.ContentType && touches(item.content.type as Shared, edits)) return true;
  }
  return false;
}

function isOf({ id, length, deleted }: Y.Item, edits: Edits): boolean {
  const first = edits[String(id.client)];
  return !deleted && first !== undefined && id.clock + length > first;
}
