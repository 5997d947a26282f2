import { createContext, use, useEffect, useState } from "react";
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

/**
 * `list` is where these neighbours are, `items` all of them in order, as far as they are loaded. Always the same object,
 * so that rows need not be drawn again because others have come.
 */
export function useTreeMoves(list: Destination, items: readonly Item[]): Tree {
  const dragged = use(DraggedContext);
  const { move } = useItemActions();
  if (dragged === null) throw new Error("useTreeMoves needs a DraggedContext around it");
  const [moves] = useState(() => new TreeMoves(dragged));
  useEffect(() => moves.update({ list, items, move }));
  return moves;
}

interface Neighbourhood {
  list: Destination;
  items: readonly Item[];
  move: (item: Item, to: Destination, beforeId: string | null) => Promise<void>;
}

class TreeMoves implements Tree {
  readonly #dragged: Dragged;
  #now: Neighbourhood | null = null;

  constructor(dragged: Dragged) {
    this.#dragged = dragged;
  }

  /** After each drawing; what people do comes later than that. */
  update(now: Neighbourhood): void {
    this.#now = now;
  }

  startDrag(item: Item): void {
    this.#dragged.start(item);
  }

  endDrag(): void {
    this.#dragged.take();
  }

  accepts({ resourceId, workspaceId }: Item): boolean {
    const { item } = this.#dragged;
    return item !== null && item.resourceId !== resourceId && item.workspaceId === workspaceId;
  }

  drop(onto: Item, where: Drop): void {
    const item = this.#dragged.take();
    if (item === null || this.#now === null) return;
    const { list, move } = this.#now;
    if (where === "inside") void move(item, { kind: "inside", documentId: onto.resourceId }, null);
    else void move(item, list, where === "before" ? onto.resourceId : this.#nextOf(onto, 1));
  }

  moveBy(item: Item, step: -1 | 1): void {
    if (this.#now === null) return;
    const { list, items, move } = this.#now;
    const at = items.indexOf(item);
    if (at + step < 0 || at + step >= items.length) return;
    void move(item, list, this.#nextOf(item, step === 1 ? 2 : -1));
  }

  #nextOf(item: Item, distance: number): string | null {
    const items = this.#now?.items ?? [];
    return items[items.indexOf(item) + distance]?.resourceId ?? null;
  }
}
