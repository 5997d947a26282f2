import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { lazy, Suspense, useRef, useState } from "react";
import type { Role } from "../../protocol/roles";
import type { ResourceKind } from "../../protocol/rooms";
import { blockedProps, useBlocked } from "../offline/blocked";

const loadDialog = () => import("./ShareDialog");
const ShareDialog = lazy(loadDialog);

interface ShareButtonProps {
  kind: ResourceKind;
  /** The Convex id of the document or diagram. */
  resourceId: string;
  /** The role of the person at this page. Everybody sees who has access; an owner changes it. */
  role: Role;
}

/** Opens the dialog with everybody who has access to a document or diagram. */
export function ShareButton({ kind, resourceId, role }: ShareButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  const blocked = useBlocked();
  const close = () => {
    setOpened(false);
    button.current?.focus();
  };
  return (
    <>
      <Button
        ref={button}
        size="compact-sm"
        variant="light"
        leftSection={<IconUserPlus size={16} stroke={1.8} aria-hidden="true" />}
        aria-haspopup="dialog"
        onPointerEnter={() => void loadDialog()}
        onClick={() => setOpened(true)}
        {...blockedProps(blocked)}
      >
        Share
      </Button>
      {opened && (
        <Suspense>
          <ShareDialog kind={kind} resourceId={resourceId} owner={role === "owner"} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
