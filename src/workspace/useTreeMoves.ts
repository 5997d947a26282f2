import { createContext, use } from "react";
import type { Drop } from "./dragging";
import type { Item } from "./items";
import { useItemActions, type Destination } from "./useItemActions";

/** What one list of the tree does when something in it is dragged, dropped, or moved by key. */
export interface Tree {
  startDrag: (item: Item) => void;
  endDrag: () => void;
  /** Whether what is being dragged may be dropped on this one. */
  accepts: (item: Item) => boolean;
  drop: (onto: Item, where: Drop) => void;
  /** One place up (-1) or down (1). */
  moveBy: (item: Item, step: -1 | 1) => void;
}

/** What is being dragged: browsers tell nobody before it is dropped. One for the whole sidebar. */
export class Dragged {
  item: Item | null = null;

  take(): Item | null {
    const { item } = this;
    this.item = null;
    return item;
  }

  start(item: Item): void {
    this.item = item;
  }
}

export const DraggedContext = createContext<Dragged | null>(null);

/** `list` is where these neighbours are, `items` all of them in order, as far as they are loaded. */
export function useTreeMoves(list: Destination, items: readonly Item[]): Tree {
  const dragged = use(DraggedContext);
  const { move } = useItemActions();
  if (dragged === null) throw new Error("useTreeMoves needs a DraggedContext around it");
  const nextOf = (item: Item, distance: number) => items[items.indexOf(item) + distance]?.resourceId ?? null;
  return {
    startDrag: (item) => dragged.start(item),
    endDrag: () => void dragged.take(),
    accepts: ({ resourceId, workspaceId }) => {
      const { item } = dragged;
      return item !== null && item.resourceId !== resourceId && item.workspaceId === workspaceId;
    },
    drop: (onto, where) => {
      const item = dragged.take();
      if (item === null) return;
      if (where === "inside") void move(item, { kind: "inside", documentId: onto.resourceId }, null);
      else void move(item, list, where === "before" ? onto.resourceId : nextOf(onto, 1));
    },
    moveBy: (item, step) => {
      const at = items.indexOf(item);
      if (at + step < 0 || at + step >= items.length) return;
      void move(item, list, nextOf(item, step === 1 ? 2 : -1));
    },
  };
}
