import { ActionIcon, CopyButton, Menu } from "@mantine/core";
import {
  IconArrowsMove,
  IconCopy,
  IconDots,
  IconFilePlus,
  IconLink,
  IconMoodSmile,
  IconPencil,
  IconShape,
  IconStar,
  IconStarOff,
  IconTrash,
} from "@tabler/icons-react";
import { useQuery_experimental as useQueryResult } from "convex/react";
import { useState } from "react";
import { api } from "../../convex/_generated/api";
import { isAtLeast } from "../../protocol/roles";
import { useReplayedPress } from "../app/useReplayedPress";
import { useBlocked } from "../offline/blocked";
import { age } from "./age";
import { IconDialog } from "./IconDialog";
import { pathOf, type ItemFacts } from "./items";
import { MoveDialog } from "./MoveDialog";
import { useCreateItem } from "./useCreateItem";
import { useItemActions } from "./useItemActions";
import { useFavourites } from "./useTree";

interface ItemMenuProps {
  item: ItemFacts;
  onRename?: () => void;
}

/** Everything that can be done with a document or diagram. Opens by itself: somebody has asked for it. */
export default function ItemMenu({ item, onRename }: ItemMenuProps) {
  const { trash, duplicate, setFavourite } = useItemActions();
  const { create } = useCreateItem();
  const blocked = useBlocked();
  const { target, menu } = useReplayedPress();
  const favourite = useFavourites().some(({ resourceId }) => resourceId === item.resourceId);
  const [dialog, setDialog] = useState<"icon" | "move" | null>(null);
  const editable = isAtLeast(item.role, "editor");
  const size = 16;

  const close = () => setDialog(null);
  return (
    <>
      {dialog === "icon" && <IconDialog item={item} onClose={close} />}
      {dialog === "move" && <MoveDialog item={item} onClose={close} />}
      <Menu {...menu} position="bottom-start" width={220} shadow="md" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon ref={target} variant="subtle" color="gray" aria-label={`More about ${item.title}`}>
            <IconDots size={16} stroke={1.6} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {blocked !== null && <Menu.Label>{blocked}</Menu.Label>}
          <Menu.Item
            disabled={blocked !== null}
            leftSection={favourite ? <IconStarOff size={size} /> : <IconStar size={size} />}
            onClick={() => void setFavourite(item, !favourite)}
          >
            {favourite ? "Remove from favourites" : "Add to favourites"}
          </Menu.Item>
          <CopyButton value={`${location.origin}${pathOf(item)}`}>
            {({ copied, copy }) => (
              <Menu.Item closeMenuOnClick={false} leftSection={<IconLink size={size} />} onClick={copy}>
                {copied ? "Copied" : "Copy link"}
              </Menu.Item>
            )}
          </CopyButton>
          <Menu.Item
            disabled={blocked !== null}
            leftSection={<IconCopy size={size} />}
            onClick={() => void duplicate(item)}
          >
            Duplicate
          </Menu.Item>
          {editable && (
            <>
              {onRename !== undefined && (
                <Menu.Item
                  disabled={blocked !== null}
                  leftSection={<IconPencil size={size} />}
                  onClick={onRename}
                >
                  Rename
                </Menu.Item>
              )}
              <Menu.Item
                disabled={blocked !== null}
                leftSection={<IconMoodSmile size={size} />}
                onClick={() => setDialog("icon")}
              >
                Change icon
              </Menu.Item>
              {item.kind === "doc" && (
                <>
                  <Menu.Divider />
                  <Menu.Item
                    disabled={blocked !== null}
                    leftSection={<IconFilePlus size={size} />}
                    onClick={() => void create("doc", item.resourceId)}
                  >
                    New document inside
                  </Menu.Item>
                  <Menu.Item
                    disabled={blocked !== null}
                    leftSection={<IconShape size={size} />}
                    onClick={() => void create("diagram", item.resourceId)}
                  >
                    New diagram inside
                  </Menu.Item>
                </>
              )}
              <Menu.Divider />
              {item.role === "owner" && (
                <Menu.Item
                  disabled={blocked !== null}
                  leftSection={<IconArrowsMove size={size} />}
                  onClick={() => setDialog("move")}
                >
                  Move to…
                </Menu.Item>
              )}
              <Menu.Item
                disabled={blocked !== null}
                leftSection={<IconTrash size={size} />}
                onClick={() => void trash(item)}
              >
                Move to trash
              </Menu.Item>
            </>
          )}
          <LastChange item={item} />
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function LastChange({ item: { kind, resourceId } }: { item: ItemFacts }) {
  const result = useQueryResult({ query: api.resources.changedAt, args: { kind, resourceId } });
  const [now] = useState(Date.now);
  if (result.status !== "success" || result.data === null) return null;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Changed {age(result.data, now)}</Menu.Label>
    </>
  );
}
