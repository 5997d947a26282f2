import * as Y from "yjs";

/** What a document says, one line for each block, without its formatting. */
export function textOf(fragment: Y.XmlFragment): string {
  return linesIn(fragment).join("\n").trimEnd();
}

function linesIn(node: Y.XmlFragment): string[] {
  return node.toArray().flatMap((child) => {
    if (child instanceof Y.XmlText) return [plain(child)];
    return child instanceof Y.XmlFragment ? linesIn(child) : [];
  });
}

/** `toString` would write formatting as tags. */
function plain(text: Y.XmlText): string {
  const delta = text.toDelta() as { insert: unknown }[];
  return delta.map(({ insert }) => (typeof insert === "string" ? insert : "")).join("");
}
