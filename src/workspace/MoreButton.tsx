import { ActionIcon } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { ItemFacts } from "./items";

// A menu takes as much code as the rest of the sidebar; it is fetched when somebody reaches for the first one.
const loadMenu = () => import("./ItemMenu");
const ItemMenu = lazy(loadMenu);

interface MoreButtonProps {
  item: ItemFacts;
  /** How its title is edited here, if this is not the place where it stands as a field. */
  onRename?: () => void;
}

/** Opens everything that can be done with a document or diagram. */
export function MoreButton({ item, onRename }: MoreButtonProps) {
  /** Somebody has asked for the menu; from then on it is there. */
  const [asked, setAsked] = useState(false);
  const button = (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`More about ${item.title}`}
      aria-haspopup="menu"
      onPointerEnter={() => void loadMenu()}
      onClick={() => setAsked(true)}
    >
      <IconDots size={16} stroke={1.6} aria-hidden="true" />
    </ActionIcon>
  );
  if (!asked) return button;
  return (
    <Suspense fallback={button}>
      <ItemMenu item={item} {...(onRename !== undefined && { onRename })} />
    </Suspense>
  );
}
