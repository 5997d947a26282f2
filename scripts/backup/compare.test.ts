import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { compare, isSame } from "./compare";

/** What a room makes of a document: through an update, with the garbage collected. */
function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

function written(): Y.Doc {
  const doc = new Y.Doc();
  const text = doc.getText("text");
  text.insert(0, "The quick brown fox");
  text.format(4, 5, { bold: true });
  text.delete(0, 4);
  const fragment = doc.getXmlFragment("document");
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.setAttribute("id", "p1");
  paragraph.insert(0, [new Y.XmlText("jumps 🦊")]);
  fragment.insert(0, [paragraph]);
  doc.getMap("elements").set("e1", { x: 1, y: [2, null] });
  doc.getMap("elements").set("e1", { x: 3 });
  doc.getArray("bytes").push([new Uint8Array([1, 2, 3])]);
  return doc;
}

describe("a document has all of its backup", () => {
  it("when it is the same", () => {
    const doc = written();
    expect(compare(doc, copyOf(doc))).toEqual({ lost: 0, undeleted: 0, altered: 0 });
    expect(isSame(compare(copyOf(doc), doc))).toBe(true);
  });

  it("when others have written, deleted and formatted since, and split what was in one piece", () => {
    const backup = written();
    const live = copyOf(backup);
    const text = live.getText("text");
    text.insert(3, "er, and really");
    text.format(0, 12, { italic: true });
    text.delete(1, 4);
    live.getXmlFragment("document").delete(0, 1);
    live.getMap("elements").set("e1", "something else");
    live.getMap("elements").delete("e1");
    expect(isSame(compare(backup, copyOf(live)))).toBe(true);
    expect(compare(copyOf(live), backup).lost).toBeGreaterThan(0);
  });

  it("when somebody has cut a character in two", () => {
    const backup = written();
    const live = copyOf(backup);
    const paragraph = live.getXmlFragment("document").get(0) as Y.XmlElement;
    (paragraph.get(0) as Y.XmlText).insert(7, "|");
    expect(isSame(compare(backup, copyOf(live)))).toBe(true);
  });
});

describe("a document lacks something of its backup", () => {
  it("when an edit is lost: so many characters", () => {
    const live = written();
    const backup = copyOf(live);
    backup.getText("text").insert(0, "lost");
    expect(compare(backup, live)).toEqual({ lost: 4, undeleted: 0, altered: 0 });
  });

  it("when the end of what one person wrote is lost", () => {
    const live = new Y.Doc();
    live.getText("text").insert(0, "kept");
    const backup = copyOf(live);
    backup.clientID = live.clientID;
    backup.getText("text").insert(4, ", and lost");
    expect(compare(backup, live)).toEqual({ lost: 10, undeleted: 0, altered: 0 });
  });

  it("when everything is lost", () => {
    expect(compare(written(), new Y.Doc()).lost).toBeGreaterThan(25);
  });

  it("when a deletion is lost, which a state vector would not tell", () => {
    const live = written();
    const backup = copyOf(live);
    backup.getText("text").delete(10, 3);
    expect(compare(backup, live)).toEqual({ lost: 0, undeleted: 3, altered: 0 });
  });

  it.each([
    ["a letter", "quick", "quack"],
    ["a name", "paragraph", "paragriph"],
    ["a value", "jumps", "dumps"],
  ])("when %s was altered on some disk", (_name, from, to) => {
    const live = written();
    const damaged = Buffer.from(Y.encodeStateAsUpdate(live));
    const at = damaged.indexOf(from);
    expect(at).toBeGreaterThan(0);
    damaged.write(to, at);
    const backup = new Y.Doc();
    Y.applyUpdate(backup, damaged);
    expect(compare(backup, live).altered).toBeGreaterThan(0);
  });
});
