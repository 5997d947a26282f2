/**
 * What a new workspace starts with: a document and a diagram that explain Ripple by being used. Their rows are made
 * with the workspace; their content stands in for a backup (`snapshots.ts`) until their rooms send the first: a room
 * that is empty when somebody opens it loads it like any other. So it is written once, here, and nobody's page seeds
 * a document, which two could do at once.
 *
 * The content is made with client ids of its own and is the same every time, byte for byte.
 */
import * as Y from "yjs";
import { DIAGRAM_ELEMENTS, DOCUMENT_FRAGMENT } from "../protocol/content";
import type { ResourceKind } from "../protocol/rooms";

export const EXAMPLES: Record<ResourceKind, { title: string; icon: string }> = {
  doc: { title: "Start here", icon: "👋" },
  diagram: { title: "Draw here", icon: "✏️" },
};

/** Far from the first numbers, which are the canonical roots of empty documents (`src/documents/canonical-root.ts`). */
const AUTHOR_CLIENT_ID = 1_000_000;

/** The content of an example as one V1 update. */
export function exampleUpdate(kind: ResourceKind): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = AUTHOR_CLIENT_ID;
  doc.transact(() => {
    if (kind === "doc") fillDocument(doc);
    else fillDiagram(doc);
  });
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

type BlockType = "heading" | "paragraph" | "checkListItem" | "bulletListItem";

const BLOCKS: [type: BlockType, text: string][] = [
  [
    "paragraph",
    "This page is yours: change it, clear it, or put it into the trash. You can try everything right here.",
  ],
  ["heading", "Write"],
  ["checkListItem", "Click into this line and type. Whoever has the page open sees each letter as it comes."],
  ["checkListItem", "Press Enter for a new line, then / to choose what it is: a heading, a list, a table."],
  ["checkListItem", "Tick these boxes as you go."],
  ["heading", "Bring others in"],
  ["checkListItem", "Invite people under “Workspace and people”, in the menu beside the workspace’s name."],
  ["checkListItem", "Press Share, at the top right, to let in a single person, or anyone with a link."],
  ["heading", "Find your way"],
  ["checkListItem", "Drag one document onto another in the sidebar: it then lies in it."],
  ["checkListItem", "Press Ctrl K, or ⌘ K, and type a part of any name."],
  [
    "bulletListItem",
    "Nothing you type is lost: “Saved” means that it is on a disk, and without a connection you can go on.",
  ],
  ["paragraph", ""],
];

function fillDocument(doc: Y.Doc): void {
  const group = new Y.XmlElement("blockGroup");
  doc.getXmlFragment(DOCUMENT_FRAGMENT).insert(0, [group]);
  BLOCKS.forEach(([type, text], i) => {
    const container = new Y.XmlElement("blockContainer");
    group.insert(i, [container]);
    container.setAttribute("id", `example-${i}`);
    const content = new Y.XmlElement(type);
    container.insert(0, [content]);
    content.setAttribute("backgroundColor", "default");
    content.setAttribute("textColor", "default");
    content.setAttribute("textAlignment", "left");
    content.insert(0, [new Y.XmlText(text)]);
  });
}

interface Shape {
  id: string;
  type: "rectangle" | "ellipse" | "diamond" | "text" | "arrow";
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What all elements of Excalidraw have. Their order is that of `index`. */
function element(shape: Shape, i: number): Record<string, unknown> {
  return {
    angle: 0,
    strokeColor: "#1e1e1e",
    backgroundColor: "transparent",
    fillStyle: "solid",
    strokeWidth: 2,
    strokeStyle: "solid",
    roughness: 1,
    opacity: 100,
    groupIds: [],
    frameId: null,
    roundness: null,
    boundElements: [],
    link: null,
    locked: false,
    isDeleted: false,
    index: `a${i}`,
    seed: i + 1,
    version: 1,
    versionNonce: i + 1,
    updated: 1,
    ...shape,
  };
}

const TEXT_LINE_PX = 25;
/** Wider than most: what does not fit is cut off until somebody edits the text. */
const GLYPH_PX = 11;

function text(id: string, x: number, y: number, words: string, i: number): Record<string, unknown> {
  const lines = words.split("\n");
  const width = Math.max(...lines.map(({ length }) => length)) * GLYPH_PX;
  return {
    ...element({ id, type: "text", x, y, width, height: lines.length * TEXT_LINE_PX }, i),
    text: words,
    originalText: words,
    fontSize: 20,
    fontFamily: 5,
    textAlign: "left",
    verticalAlign: "top",
    containerId: null,
    autoResize: true,
    lineHeight: 1.25,
  };
}

function arrow(id: string, x: number, y: number, width: number, i: number): Record<string, unknown> {
  return {
    ...element({ id, type: "arrow", x, y, width, height: 0 }, i),
    points: [
      [0, 0],
      [width, 0],
    ],
    lastCommittedPoint: null,
    startBinding: null,
    endBinding: null,
    startArrowhead: null,
    endArrowhead: "arrow",
    elbowed: false,
  };
}

function fillDiagram(doc: Y.Doc): void {
  const round = { roundness: { type: 3 } };
  const elements = [
    {
      ...element({ id: "example-idea", type: "rectangle", x: 0, y: 0, width: 190, height: 90 }, 0),
      ...round,
      backgroundColor: "#a5d8ff",
    },
    text("example-idea-text", 42, 32, "Drag me", 1),
    arrow("example-arrow", 205, 45, 120, 2),
    {
      ...element({ id: "example-people", type: "ellipse", x: 340, y: -10, width: 210, height: 110 }, 3),
      backgroundColor: "#b2f2bb",
    },
    text("example-people-text", 388, 32, "with others", 4),
    text(
      "example-hint",
      0,
      150,
      "Press R and draw a box, A for an arrow, T to write.\nYou see each other’s pointers while you draw.",
      5,
    ),
  ];
  const map = doc.getMap(DIAGRAM_ELEMENTS);
  for (const shape of elements) map.set(String(shape.id), shape);
}
