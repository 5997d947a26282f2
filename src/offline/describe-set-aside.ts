import * as Y from "yjs";
import { DIAGRAM_ELEMENTS, DOCUMENT_FRAGMENT } from "../../protocol/content";
import { textOf } from "../documents/document-text";
import type { SetAside } from "./directory";

/** Set-aside edits for the eye, and for the clipboard: text, or what Excalidraw takes when it is pasted. */
export function describeSetAside({ kind, content }: Pick<SetAside, "kind" | "content">): {
  shown: string;
  copied: string;
} {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, content);
  const text = textOf(doc.getXmlFragment(DOCUMENT_FRAGMENT));
  const elements = [...doc.getMap<unknown>(DIAGRAM_ELEMENTS).values()].filter(isDrawn);
  doc.destroy();
  if (kind === "doc") return { shown: text, copied: text };
  return {
    shown: elements.map(describeElement).join("\n"),
    copied: JSON.stringify({ type: "excalidraw/clipboard", elements, files: {} }),
  };
}

interface Drawn {
  type: string;
  text?: unknown;
}

function isDrawn(element: unknown): element is Drawn {
  if (typeof element !== "object" || element === null) return false;
  const { type, isDeleted } = element as { type?: unknown; isDeleted?: unknown };
  return typeof type === "string" && isDeleted !== true;
}

function describeElement({ type, text }: Drawn): string {
  return typeof text === "string" ? `${type}: ${text}` : type;
}
