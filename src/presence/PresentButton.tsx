import { ActionIcon } from "@mantine/core";
import { IconPresentation } from "@tabler/icons-react";
import { Tip } from "../app/Tip";
import { usePresence, usePresenceState } from "./presence-context";

/** Asks everybody in the workspace to follow. Not there while there is nobody to ask, nor while one presents. */
export function PresentButton() {
  const presence = usePresence();
  const { people } = usePresenceState();
  if (presence === null || people.size < 2) return null;
  if (people.get(presence.me)?.presenting !== "off") return null;
  return (
    <Tip text="Present: ask everybody here to follow you">
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label="Present"
        data-presence
        onClick={() => presence.session.present("on")}
      >
        <IconPresentation size={20} stroke={1.6} aria-hidden="true" />
      </ActionIcon>
    </Tip>
  );
}
