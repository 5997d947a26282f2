import { ActionIcon } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { NavLink } from "react-router";
import { TITLE_MAX_CHARS } from "../../protocol/limits";
import { isAtLeast } from "../../protocol/roles";
import { useShowFailure } from "../app/useShowFailure";
import { pathOf, type Item } from "./items";
import classes from "./ItemRow.module.css";
import { KindIcon } from "./KindIcon";
import { useRenameItem } from "./useRenameItem";

/** One document or diagram in the sidebar: a link that F2 or the pencil turns into a field for its title. */
export function ItemRow({ item }: { item: Item }) {
  const [renaming, setRenaming] = useState(false);
  const link = useRef<HTMLAnchorElement>(null);
  const renamable = isAtLeast(item.role, "editor");
  /** After the keyboard ended renaming, the focus belongs where it was before. */
  const [focusBack, setFocusBack] = useState(false);

  useEffect(() => {
    if (!renaming && focusBack) link.current?.focus();
  }, [renaming, focusBack]);

  function startRenaming() {
    setFocusBack(false);
    setRenaming(true);
  }

  if (renaming) {
    return (
      <li className={classes.row}>
        <RenameField
          item={item}
          onDone={(byKey) => {
            setFocusBack(byKey);
            setRenaming(false);
          }}
        />
      </li>
    );
  }
  return (
    <li className={classes.row}>
      <NavLink
        ref={link}
        to={pathOf(item.kind, item.id)}
        className={classes.link}
        title={item.title}
        aria-keyshortcuts={renamable ? "F2" : undefined}
        onKeyDown={(event) => {
          if (event.key !== "F2" || !renamable) return;
          event.preventDefault();
          startRenaming();
        }}
      >
        <KindIcon kind={item.kind} />
        <span className={classes.title}>{item.title}</span>
      </NavLink>
      {renamable && (
        <ActionIcon
          className={classes.rename}
          variant="subtle"
          color="gray"
          aria-label={`Rename ${item.title}`}
          onClick={startRenaming}
        >
          <IconPencil size={16} stroke={1.6} aria-hidden="true" />
        </ActionIcon>
      )}
    </li>
  );
}

interface RenameFieldProps {
  item: Item;
  /** `byKey` says that Enter or Escape ended it, and not a click elsewhere. */
  onDone: (byKey: boolean) => void;
}

function RenameField({ item, onDone }: RenameFieldProps) {
  const rename = useRenameItem();
  const showFailure = useShowFailure();
  const field = useRef<HTMLInputElement>(null);
  /** Enter removes the field, and removing it blurs it: only the first of the two may count. */
  const done = useRef(false);

  useEffect(() => field.current?.select(), []);

  function finish(save: boolean, byKey: boolean) {
    if (done.current) return;
    done.current = true;
    const title = field.current?.value.trim() ?? "";
    onDone(byKey);
    if (!save || title === "" || title === item.title) return;
    rename(item, title).catch((error: unknown) =>
      showFailure(error, {
        forbidden: {
          what: `You can’t rename “${item.title}” any more.`,
          next: "Ask its owner to let you edit it.",
        },
      }),
    );
  }

  function onKeyDown(event: KeyboardEvent) {
    // Enter and Escape also end a composition (Japanese, Chinese); then they are not for us.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") finish(true, true);
    else if (event.key === "Escape") finish(false, true);
    else return;
    event.preventDefault();
    // Escape would also close the sidebar on a narrow screen.
    event.stopPropagation();
  }

  return (
    <input
      ref={field}
      className={classes.field}
      aria-label={`New title of ${item.title}`}
      defaultValue={item.title}
      maxLength={TITLE_MAX_CHARS}
      autoFocus
      onKeyDown={onKeyDown}
      onBlur={() => finish(true, false)}
    />
  );
}
