import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertCircle } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useMe } from "./remembered-person";
import { useSetAside } from "./set-aside";
import classes from "./SetAsideNotice.module.css";

// What shows edits needs Yjs, which the workspace itself does without.
const SetAsideDialog = lazy(() => import("./SetAsideDialog"));

/** Says, until it is dealt with, that edits could not be applied any more, and leads to them. */
export function SetAsideNotice() {
  const userId = useMe()?.userId;
  const edits = useSetAside(userId);
  const [opened, { open, close }] = useDisclosure(false);
  const titles = [...new Set(edits.map(({ title }) => `“${title}”`))].join(", ");
  return (
    <div role="status" aria-label="Changes that were not accepted" className={classes.region}>
      {edits.length > 0 && (
        <p className={classes.notice}>
          <IconAlertCircle size={18} aria-hidden="true" />
          <span>
            Changes of yours to {titles} were not accepted.{" "}
            {edits.some(({ onlyInTab }) => onlyInTab)
              ? "They are only in this tab: copy or save them before you close it."
              : "They are kept on this device."}
          </span>
          <Button size="compact-sm" variant="light" onClick={open}>
            See them
          </Button>
        </p>
      )}
      {userId !== undefined && (opened || edits.length > 0) && (
        <Suspense>
          <SetAsideDialog userId={userId} edits={edits} opened={opened && edits.length > 0} onClose={close} />
        </Suspense>
      )}
    </div>
  );
}
