/** What the binding needs to know of an Excalidraw element, and the rules by which two versions of one are told apart. */

export interface DiagramElement {
  readonly id: string;
  readonly type: string;
  /** Counts the changes of this element. */
  readonly version: number;
  /** Random, new with every change: decides between two changes that made the same version. */
  readonly versionNonce: number;
  /** A fractional index: elements are drawn in its order. `null` until Excalidraw has assigned one. */
  readonly index: string | null;
  /** Deleted elements stay as tombstones, so that an older version from somebody else does not bring them back. */
  readonly isDeleted: boolean;
}

/** Whether `a` is to be kept when `a` and `b` are versions of one element. Excalidraw's own rule. */
export function supersedes(a: DiagramElement, b: DiagramElement): boolean {
  return a.version > b.version || (a.version === b.version && a.versionNonce < b.versionNonce);
}

export function isSameVersion(a: DiagramElement, b: DiagramElement): boolean {
  return a.version === b.version && a.versionNonce === b.versionNonce;
}

/**
 * In the order in which they are drawn. Excalidraw gives new indices to elements that are out of order, so what it
 * is handed has to be sorted; ties are broken by id, the same way everywhere.
 */
export function inDrawingOrder<E extends DiagramElement>(elements: Iterable<E>): E[] {
  return [...elements].sort((a, b) => compare(a.index ?? "", b.index ?? "") || compare(a.id, b.id));
}

/** By code unit, as fractional indices demand; `localeCompare` orders them differently. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const LINEAR = new Set(["line", "arrow", "freedraw"]);
const TYPES = new Set([
  ...LINEAR,
  "rectangle",
  "diamond",
  "ellipse",
  "text",
  "image",
  "frame",
  "magicframe",
  "embeddable",
  "iframe",
]);

/**
 * Whether a value from the room is an element that Excalidraw can draw. One that is not would break the whole
 * drawing for everybody, so it is left alone where it is and not shown.
 */
export function isDrawable(value: unknown, id: string): value is DiagramElement {
  if (!isRecord(value)) return false;
  return (
    value.id === id &&
    typeof value.type === "string" &&
    TYPES.has(value.type) &&
    Number.isSafeInteger(value.version) &&
    Number.isSafeInteger(value.versionNonce) &&
    (value.index === null || typeof value.index === "string") &&
    typeof value.isDeleted === "boolean" &&
    [value.x, value.y, value.width, value.height, value.angle].every(Number.isFinite) &&
    Array.isArray(value.groupIds) &&
    (value.type !== "text" || typeof value.text === "string") &&
    (!LINEAR.has(value.type) || isPath(value.points))
  );
}

function isPath(points: unknown): boolean {
  return (
    Array.isArray(points) &&
    points.length > 0 &&
    points.every((point) => Array.isArray(point) && Number.isFinite(point[0]) && Number.isFinite(point[1]))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
