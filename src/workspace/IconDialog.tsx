import { Button, Group, Modal, Text, UnstyledButton } from "@mantine/core";
import { NeedsBackend } from "../offline/NeedsBackend";
import classes from "./IconDialog.module.css";
import type { ItemFacts } from "./items";
import { useItemActions } from "./useItemActions";

/** Enough to tell documents apart at a glance; a whole emoji keyboard would be most of the page's code. */
const CHOICES = [
  ["📄", "page"],
  ["📝", "note"],
  ["📚", "books"],
  ["📌", "pin"],
  ["📅", "calendar"],
  ["✅", "done"],
  ["💡", "idea"],
  ["🎯", "target"],
  ["🚀", "rocket"],
  ["🧭", "compass"],
  ["🗺️", "map"],
  ["🧩", "puzzle"],
  ["🔬", "microscope"],
  ["🧪", "test tube"],
  ["📈", "rising chart"],
  ["💰", "money"],
  ["🛠️", "tools"],
  ["⚙️", "gear"],
  ["🔒", "lock"],
  ["📣", "megaphone"],
  ["💬", "talk"],
  ["🤝", "handshake"],
  ["👥", "people"],
  ["🏠", "home"],
  ["🌊", "wave"],
  ["🌱", "seedling"],
  ["☀️", "sun"],
  ["🌙", "moon"],
  ["⭐", "star"],
  ["🔥", "fire"],
  ["🎨", "palette"],
  ["🎵", "music"],
  ["🍎", "apple"],
  ["☕", "coffee"],
  ["🐙", "octopus"],
  ["❤️", "heart"],
] as const;

/** Chooses the emoji that stands before a title. */
export function IconDialog({ item, onClose }: { item: ItemFacts; onClose: () => void }) {
  const { setIcon } = useItemActions();
  const choose = (icon: string | null) => {
    onClose();
    void setIcon(item, icon);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title="Change the icon"
      closeButtonProps={{ "aria-label": "Close" }}
      size={360}
      centered
    >
      <NeedsBackend>
        <Text size="sm" c="dimmed" mb="sm" truncate dir="auto">
          {item.title}
        </Text>
        <div className={classes.grid}>
          {CHOICES.map(([icon, name]) => (
            <UnstyledButton
              key={icon}
              className={classes.choice}
              aria-label={name}
              aria-pressed={item.icon === icon}
              onClick={() => choose(icon)}
            >
              {icon}
            </UnstyledButton>
          ))}
        </div>
        <Group justify="flex-end" mt="md">
          <Button variant="default" disabled={item.icon === null} onClick={() => choose(null)}>
            Remove the icon
          </Button>
        </Group>
      </NeedsBackend>
    </Modal>
  );
}
