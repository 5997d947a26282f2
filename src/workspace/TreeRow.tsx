import { IconChevronRight } from "@tabler/icons-react";
import { memo, useEffect, useRef, useState, type DragEvent, type KeyboardEvent } from "react";
import { NavLink } from "react-router";
import { isAtLeast } from "../../protocol/roles";
import { roomIdFor } from "../../protocol/rooms";
import { useBlocked } from "../offline/blocked";
import { FacesOn } from "../presence/FacesOn";
import { dropAt, type Drop } from "./dragging";
import { ItemIcon } from "./ItemIcon";
import { pathOf, type Item } from "./items";
import { MoreButton } from "./MoreButton";
import { RenameField } from "./RenameField";
import classes from "./TreeRow.module.css";
import type { Tree } from "./useTreeMoves";
import { useItemActions } from "./useItemActions";

interface TreeRowProps {
  item: Item;
  depth: number;
  expanded: boolean;
  /** `null` where the order is not the person's to change. */
  tree: Tree | null;
  onExpand: (resourceId: string, expanded: boolean) => void;
}

/**
 * One document or diagram in the sidebar. The arrow keys go from one to the next, open and close it, F2 renames it, Delete puts it into the trash, Alt
 * with an arrow key moves it among its neighbours; everything is in its menu too.
 */
export const TreeRow = memo(function TreeRow({
  item,
  depth,
  expanded,
  tree: wholeTree,
  onExpand,
}: TreeRowProps) {
  const blocked = useBlocked();
  const tree = blocked === null ? wholeTree : null;
  const { rename, trash } = useItemActions();
  const [renaming, setRenaming] = useState(false);
  /** Shown from Enter on, until the list has it. */
  const [nextTitle, setNextTitle] = useState<string | null>(null);
  const [over, setOver] = useState<Drop | null>(null);
  const link = useRef<HTMLAnchorElement>(null);
  /** After the keyboard ended renaming, the focus belongs where it was before. */
  const [focusBack, setFocusBack] = useState(false);
  const editable = isAtLeast(item.role, "editor") && blocked === null;
  const title = nextTitle ?? item.title;

  useEffect(() => {
    if (!renaming && focusBack) link.current?.focus();
  }, [renaming, focusBack]);

  function startRenaming() {
    setFocusBack(false);
    setRenaming(true);
  }

  function onKeyDown(event: KeyboardEvent) {
    const act = actionOf(event);
    if (act === null) return;
    event.preventDefault();
    act();
  }

  function actionOf({ key, altKey }: KeyboardEvent): (() => void) | null {
    if (altKey && tree !== null && key === "ArrowUp") return () => tree.moveBy(item, -1);
    if (altKey && tree !== null && key === "ArrowDown") return () => tree.moveBy(item, 1);
    if (altKey) return null;
    if (key === "F2" && editable) return startRenaming;
    if (key === "Delete" && editable) return () => void trash(item);
    if (key === "ArrowRight" && item.hasChildren) return () => onExpand(item.resourceId, true);
    if (key === "ArrowLeft" && item.hasChildren) return () => onExpand(item.resourceId, false);
    return null;
  }

  function onDragOver(event: DragEvent<HTMLDivElement>) {
    if (tree === null || !tree.accepts(item)) return;
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    setOver(dropAt(event.clientY - box.top, box.height, item.kind));
  }

  if (renaming) {
    return (
      <div className={classes.row} style={{ paddingInlineStart: indentOf(depth) }}>
        <RenameField
          title={item.title}
          onDone={(next, byKey) => {
            setFocusBack(byKey);
            setRenaming(false);
            if (next === null) return;
            setNextTitle(next);
            void rename(item, next).then(() => setNextTitle(null));
          }}
        />
      </div>
    );
  }
  return (
    <div
      className={classes.row}
      data-drop={over ?? undefined}
      onDragOver={onDragOver}
      onDragLeave={() => setOver(null)}
      onDrop={(event) => {
        event.preventDefault();
        if (over !== null) tree?.drop(item, over);
        setOver(null);
      }}
    >
      {item.hasChildren && (
        <button
          type="button"
          // The arrow keys on the link do the same; another stop for Tab on every row would be in the way.
          tabIndex={-1}
          className={classes.caret}
          style={{ insetInlineStart: 2 + depth * INDENT_PX }}
          data-expanded={expanded || undefined}
          aria-label={expanded ? `Close ${title}` : `Open ${title}`}
          onClick={() => onExpand(item.resourceId, !expanded)}
        >
          <IconChevronRight size={14} aria-hidden="true" />
        </button>
      )}
      <NavLink
        ref={link}
        data-row
        to={pathOf(item)}
        className={classes.link}
        style={{ paddingInlineStart: indentOf(depth) }}
        title={title}
        aria-expanded={item.hasChildren ? expanded : undefined}
        aria-keyshortcuts={editable ? "F2 Delete" : undefined}
        draggable={tree !== null}
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = "move";
          tree?.startDrag(item);
        }}
        onDragEnd={() => tree?.endDrag()}
        onKeyDown={onKeyDown}
      >
        <ItemIcon item={item} />
        <span className={classes.title} dir="auto">
          {title}
        </span>
        <FacesOn roomId={roomIdFor(item.kind, item.resourceId)} />
      </NavLink>
      <span className={classes.more}>
        <MoreButton item={item} onRename={startRenaming} />
      </span>
    </div>
  );
});

const INDENT_PX = 14;

function indentOf(depth: number): number {
  return 20 + depth * INDENT_PX;
}
