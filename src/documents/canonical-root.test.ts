import { toBase64 } from "lib0/buffer";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { DOCUMENT_FRAGMENT } from "../../protocol/content";
import { ensureRoot, keepRooted, rootUpdate } from "./canonical-root";

const fragmentOf = (doc: Y.Doc) => doc.getXmlFragment(DOCUMENT_FRAGMENT);

function sync(a: Y.Doc, b: Y.Doc) {
  const [fromA, fromB] = [Y.encodeStateAsUpdate(a), Y.encodeStateAsUpdate(b)];
  Y.applyUpdate(a, fromB);
  Y.applyUpdate(b, fromA);
}

/** The text of the first block, where the editor puts the first letters. */
function firstText(doc: Y.Doc): Y.XmlText {
  const texts = [...fragmentOf(doc).createTreeWalker((node) => node instanceof Y.XmlText)];
  expect(texts.length).toBe(1);
  return texts[0] as Y.XmlText;
}

describe("the canonical root of an empty document", () => {
  it("is a stored format: these bytes, in this fragment, forever", () => {
    expect(DOCUMENT_FRAGMENT).toBe("document");
    expect(toBase64(rootUpdate(0))).toMatchInlineSnapshot(
      `"AQgBAAcBCGRvY3VtZW50AwpibG9ja0dyb3VwBwABAAMOYmxvY2tDb250YWluZXIoAAEBAmlkAXcOaW5pdGlhbEJsb2NrSWQHAAEBAwlwYXJhZ3JhcGgoAAEDD2JhY2tncm91bmRDb2xvcgF3B2RlZmF1bHQoAAEDCXRleHRDb2xvcgF3B2RlZmF1bHQoAAEDDXRleHRBbGlnbm1lbnQBdwRsZWZ0BwABAwYA"`,
    );
  });

  it("is one, however many people start at once, and keeps the first words of all", () => {
    const [ada, bea, cem] = [new Y.Doc(), new Y.Doc(), new Y.Doc()];
    for (const [doc, words] of [
      [ada, "one "],
      [bea, "two "],
      [cem, "three "],
    ] as const) {
      ensureRoot(doc);
      firstText(doc).insert(0, words);
    }
    sync(ada, bea);
    sync(bea, cem);
    sync(ada, bea);
    expect(fragmentOf(ada).length).toBe(1);
    expect(fragmentOf(ada).toJSON()).toBe(fragmentOf(cem).toJSON());
    const words = firstText(ada).toJSON();
    for (const word of ["one ", "two ", "three "]) expect(words).toContain(word);
  });

  it("is not made for a document that has content", () => {
    const doc = new Y.Doc();
    fragmentOf(doc).insert(0, [new Y.XmlElement("blockGroup")]);
    const before = Y.encodeStateVector(doc);
    ensureRoot(doc);
    expect(Y.encodeStateVector(doc)).toEqual(before);
  });

  it("is made anew, and again one, when the last one was removed", () => {
    const [ada, bea] = [new Y.Doc(), new Y.Doc()];
    ensureRoot(ada);
    sync(ada, bea);
    const stop = [keepRooted(ada), keepRooted(bea)];
    fragmentOf(ada).delete(0, 1);
    fragmentOf(bea).delete(0, 1);
    firstText(ada).insert(0, "a");
    firstText(bea).insert(0, "b");
    sync(ada, bea);
    expect(fragmentOf(bea).length).toBe(1);
    expect(firstText(bea).toJSON()).toHaveLength(2);
    expect(firstText(ada).toJSON()).toBe(firstText(bea).toJSON());
    stop.forEach((end) => end());
    fragmentOf(ada).delete(0, 1);
    expect(fragmentOf(ada).length).toBe(0);
  });
});
