/** Where something lands that is dragged over a row: before it, behind it, or in it. */
import type { ResourceKind } from "../../protocol/rooms";

export type Drop = "before" | "inside" | "after";

/** Of a document's height, the part at either end that means its neighbour. */
const EDGE = 0.28;

/** `offset` is the pointer's distance from the top edge of the row. Nothing goes into a diagram. */
export function dropAt(offset: number, height: number, kind: ResourceKind): Drop {
  const part = offset / height;
  if (kind === "diagram") return part < 0.5 ? "before" : "after";
  if (part < EDGE) return "before";
  return part > 1 - EDGE ? "after" : "inside";
}
