import { Button, CloseButton, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { explain, type Explanation } from "./messages";
import classes from "./NoticesRegion.module.css";
import { NoticesContext, type Notices } from "./useNotices";

/** Long enough to read it and to reach for it; after that the trash has the same thing. */
const UNDO_SHOWN_MS = 15_000;

type Notice =
  { kind: "failure"; words: Explanation } | { kind: "done"; what: string; undo: () => Promise<unknown> };

/** One notice at a time, the newest. A failure stays until the person closes it: a message that vanishes was not read. */
export function NoticesRegion({ children }: { children: ReactNode }) {
  const [notice, setNotice] = useState<Notice | null>(null);
  const showFailure = useCallback<Notices["showFailure"]>((error, inThisCase) => {
    setNotice({ kind: "failure", words: explain(error, inThisCase) });
  }, []);
  const notices = useMemo<Notices>(
    () => ({ showFailure, showUndo: (what, undo) => setNotice({ kind: "done", what, undo }) }),
    [showFailure],
  );

  useEffect(() => {
    if (notice?.kind !== "done") return;
    const timer = setTimeout(() => setNotice(null), UNDO_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);

  const close = () => setNotice(null);
  return (
    <NoticesContext value={notices}>
      {children}
      <div className={classes.region}>
        <div role="alert">
          {notice?.kind === "failure" && <Failure words={notice.words} onClose={close} />}
        </div>
        <div role="status" aria-label="Done">
          {notice?.kind === "done" && (
            <div className={classes.notice} data-kind="done">
              <Text size="sm" className={classes.what}>
                {notice.what}
              </Text>
              <Button
                size="compact-sm"
                variant="light"
                onClick={() => {
                  close();
                  notice.undo().catch((error: unknown) => showFailure(error));
                }}
              >
                Undo
              </Button>
              <CloseButton aria-label="Close message" onClick={close} />
            </div>
          )}
        </div>
      </div>
    </NoticesContext>
  );
}

function Failure({ words: { what, next }, onClose }: { words: Explanation; onClose: () => void }) {
  return (
    <div className={classes.notice}>
      <IconAlertCircle size={20} aria-hidden="true" />
      <div>
        <Text size="sm" fw={600}>
          {what}
        </Text>
        <Text size="sm" c="dimmed">
          {next}
        </Text>
      </div>
      <CloseButton aria-label="Close message" onClick={onClose} />
    </div>
  );
}
