import { expect, it } from "vitest";
import * as Y from "yjs";
import { textOf } from "./document-text";

it("has a line for each block, nested ones too, and no formatting", () => {
  const fragment = new Y.Doc().getXmlFragment("f");
  const block = (words: string, ...inner: Y.XmlElement[]) => {
    const text = new Y.XmlText(words);
    text.format(0, 1, { bold: {} });
    const element = new Y.XmlElement("paragraph");
    element.insert(0, [text]);
    const container = new Y.XmlElement("blockContainer");
    container.insert(0, [element, ...inner]);
    return container;
  };
  fragment.insert(0, [block("One", block("inside <b>")), block("Two"), block("")]);
  expect(textOf(fragment)).toBe("One\ninside <b>\nTwo");
});
