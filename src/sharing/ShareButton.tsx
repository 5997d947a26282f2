import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import type { Role } from "../../protocol/roles";
import type { ResourceKind } from "../../protocol/rooms";
import { blockedProps, useBlocked } from "../offline/blocked";
import { SharePanel } from "./SharePanel";

interface ShareButtonProps {
  kind: ResourceKind;
  /** The Convex id of the document or diagram. */
  resourceId: string;
  /** The role of the person at this page. Everybody sees who has access; an owner changes it. */
  role: Role;
}

/** Opens the dialog with everybody who has access to a document or diagram. */
export function ShareButton({ kind, resourceId, role }: ShareButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const blocked = useBlocked();
  return (
    <>
      <Button
        size="compact-sm"
        variant="light"
        leftSection={<IconUserPlus size={16} stroke={1.8} aria-hidden="true" />}
        aria-haspopup="dialog"
        onClick={open}
        {...blockedProps(blocked)}
      >
        Share
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={kind === "doc" ? "Share this document" : "Share this diagram"}
        closeButtonProps={{ "aria-label": "Close" }}
        size={480}
        centered
      >
        <SharePanel kind={kind} resourceId={resourceId} owner={role === "owner"} />
      </Modal>
    </>
  );
}
