import { Button, CopyButton, Group, Modal, Text } from "@mantine/core";
import { useConvex } from "convex/react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useNotices } from "../app/useNotices";
import { pathOf } from "../workspace/items";
import type { SetAside } from "./directory";
import { exportSetAside } from "./export-set-aside";
import { describeSetAside } from "./describe-set-aside";
import { discardSetAside } from "./set-aside";
import classes from "./SetAsideNotice.module.css";

interface SetAsideDialogProps {
  userId: string;
  edits: SetAside[];
  opened: boolean;
  onClose: () => void;
}

const REASONS: Record<SetAside["reason"], string> = {
  "read-only": "You may only read it now.",
  "no-access": "You no longer have access to it.",
  gone: "It was deleted.",
};

/** Each set of edits that was not accepted, with what it was and the three things that can become of it. */
export default function SetAsideDialog({ userId, edits, opened, onClose }: SetAsideDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Changes that were not accepted"
      closeButtonProps={{ "aria-label": "Close" }}
      size={560}
      centered
    >
      {edits.map((item) => (
        <SetAsideItem key={item.id} userId={userId} edits={item} onDone={onClose} />
      ))}
    </Modal>
  );
}

function SetAsideItem({ userId, edits, onDone }: { userId: string; edits: SetAside; onDone: () => void }) {
  const convex = useConvex();
  const navigate = useNavigate();
  const { showFailure } = useNotices();
  const [exporting, setExporting] = useState(false);
  const { shown, copied } = describeSetAside(edits);
  const noun = edits.kind === "doc" ? "document" : "diagram";

  async function save() {
    setExporting(true);
    try {
      const resourceId = await exportSetAside(convex, edits);
      await discardSetAside(userId, edits.id);
      onDone();
      await navigate(pathOf({ kind: edits.kind, resourceId }));
    } catch (error) {
      showFailure(error, {
        unexpected: {
          what: `Your changes could not be saved as a new ${noun}.`,
          next: "They are still here. Try again, or copy what you need.",
        },
      });
    } finally {
      setExporting(false);
    }
  }

  return (
    <section className={classes.item} aria-label={edits.title}>
      <Text size="sm">
        What you changed in <strong>{edits.title}</strong> on {new Date(edits.at).toLocaleString()} did not
        get there. {REASONS[edits.reason]}
      </Text>
      {shown === "" ? (
        <Text size="sm" c="dimmed" my="xs">
          You only deleted things, so there is nothing to copy.
        </Text>
      ) : (
        <pre className={classes.content} tabIndex={0} aria-label="What you changed">
          {shown}
        </pre>
      )}
      <Group gap="sm" mt="sm">
        {shown !== "" && (
          <>
            <Button size="compact-sm" loading={exporting} onClick={() => void save()}>
              Save as a new {noun}
            </Button>
            <CopyButton value={copied}>
              {({ copied: done, copy }) => (
                <Button size="compact-sm" variant="default" onClick={copy}>
                  {done ? "Copied" : "Copy"}
                </Button>
              )}
            </CopyButton>
          </>
        )}
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          onClick={() => {
            discardSetAside(userId, edits.id).catch((error: unknown) => showFailure(error));
          }}
        >
          Discard
        </Button>
      </Group>
    </section>
  );
}
