import { ActionIcon } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useId, useState, type ReactNode } from "react";
import classes from "./AboutButton.module.css";

interface AboutButtonProps {
  label: string;
  children: ReactNode;
}

/** Shows an explanation beside itself: the browser's own popover, which closes by Escape or a click elsewhere. */
export function AboutButton({ label, children }: AboutButtonProps) {
  const id = useId();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} popoverTarget={id}>
        <IconInfoCircle size={16} stroke={1.7} aria-hidden="true" />
      </ActionIcon>
      <div
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        className={classes.about}
        onToggle={(event) => setOpened(event.newState === "open")}
      >
        {opened && children}
      </div>
    </>
  );
}
