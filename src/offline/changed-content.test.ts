import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { DIAGRAM_ELEMENTS, DOCUMENT_FRAGMENT } from "../../protocol/content";
import { ensureRoot } from "../documents/canonical-root";
import { textOf } from "../documents/document-text";
import { addContent, changedContent } from "./changed-content";
import { describeSetAside } from "./describe-set-aside";

const fragmentOf = (doc: Y.Doc) => doc.getXmlFragment(DOCUMENT_FRAGMENT);

function block(text: string, ...below: Y.XmlElement[]): Y.XmlElement {
  const container = new Y.XmlElement("blockContainer");
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.insert(0, [new Y.XmlText(text)]);
  container.insert(0, [paragraph]);
  if (below.length > 0) {
    const group = new Y.XmlElement("blockGroup");
    group.insert(0, below);
    container.insert(1, [group]);
  }
  return container;
}

/** A document that others have written, open in another person's page, and the clock from which that one edits. */
function shared(...blocks: Y.XmlElement[]) {
  const theirs = new Y.Doc();
  const group = new Y.XmlElement("blockGroup");
  fragmentOf(theirs).insert(0, [group]);
  group.insert(0, blocks);
  const mine = new Y.Doc();
  Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs));
  return { mine, edits: { [String(mine.clientID)]: Y.getState(mine.store, mine.clientID) } };
}

function textIn(doc: Y.Doc, path: number[]): Y.XmlText {
  let node: Y.XmlFragment = fragmentOf(doc);
  for (const index of path) {
    const child = node.get(index);
    if (child instanceof Y.XmlText) return child;
    node = child;
  }
  throw new Error("no text there");
}

describe("the changed content", () => {
  it("is the blocks that the writer touched, whole, and no others", () => {
    const { mine, edits } = shared(block("theirs"), block("half theirs"), block("above", block("below")));
    textIn(mine, [0, 1, 0, 0]).insert(4, " and mine,");
    textIn(mine, [0, 2, 1, 0, 0, 0]).insert(5, ", mine");
    const content = changedContent(mine, "doc", edits);
    expect(describeSetAside({ kind: "doc", content }).shown).toBe("half and mine, theirs\nbelow, mine");
  });

  it("leaves out what the writer did before that was saved", () => {
    const { mine } = shared(block("one"), block("two"));
    textIn(mine, [0, 0, 0, 0]).insert(0, "saved ");
    const edits = { [String(mine.clientID)]: Y.getState(mine.store, mine.clientID) };
    textIn(mine, [0, 1, 0, 0]).insert(0, "unsaved ");
    expect(describeSetAside({ kind: "doc", content: changedContent(mine, "doc", edits) }).shown).toBe(
      "unsaved two",
    );
  });

  it("is empty when the writer only deleted", () => {
    const { mine, edits } = shared(block("theirs"));
    textIn(mine, [0, 0, 0, 0]).delete(0, 3);
    expect(describeSetAside({ kind: "doc", content: changedContent(mine, "doc", edits) }).shown).toBe("");
  });

  it("becomes part of another document, which has one root", () => {
    const { mine, edits } = shared(block("theirs"));
    textIn(mine, [0, 0, 0, 0]).insert(6, ", mine");
    const target = new Y.Doc();
    ensureRoot(target);
    addContent(target, "doc", changedContent(mine, "doc", edits));
    expect(fragmentOf(target).length).toBe(1);
    expect(textOf(fragmentOf(target))).toBe("theirs, mine");
  });

  it("is the elements of a drawing that the writer changed, as Excalidraw takes them", () => {
    const theirs = new Y.Doc();
    theirs.getMap(DIAGRAM_ELEMENTS).set("a", { id: "a", type: "rectangle", isDeleted: false });
    const mine = new Y.Doc();
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs));
    const edits = { [String(mine.clientID)]: 0 };
    mine.getMap(DIAGRAM_ELEMENTS).set("b", { id: "b", type: "text", text: "mine", isDeleted: false });
    mine.getMap(DIAGRAM_ELEMENTS).set("c", { id: "c", type: "ellipse", isDeleted: true });
    const content = changedContent(mine, "diagram", edits);
    const { shown, copied } = describeSetAside({ kind: "diagram", content });
    expect(shown).toBe("text: mine");
    expect(JSON.parse(copied)).toMatchObject({ type: "excalidraw/clipboard", elements: [{ id: "b" }] });
    const target = new Y.Doc();
    addContent(target, "diagram", content);
    expect(target.getMap(DIAGRAM_ELEMENTS).has("b")).toBe(true);
  });
});
