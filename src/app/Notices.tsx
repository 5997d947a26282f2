import { CloseButton, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useCallback, useState, type ReactNode } from "react";
import { explain, type Explanation } from "./messages";
import classes from "./Notices.module.css";
import { NoticesContext, type ShowFailure } from "./useShowFailure";

/** One notice at a time, the newest, until the person closes it: a message that vanishes was not read. */
export function Notices({ children }: { children: ReactNode }) {
  const [notice, setNotice] = useState<Explanation | null>(null);
  const showFailure = useCallback<ShowFailure>((error, inThisCase) => {
    setNotice(explain(error, inThisCase));
  }, []);
  return (
    <NoticesContext value={showFailure}>
      {children}
      <div role="alert" className={classes.region}>
        {notice !== null && (
          <div className={classes.notice}>
            <IconAlertCircle size={20} aria-hidden="true" />
            <div>
              <Text size="sm" fw={600}>
                {notice.what}
              </Text>
              <Text size="sm" c="dimmed">
                {notice.next}
              </Text>
            </div>
            <CloseButton aria-label="Close message" onClick={() => setNotice(null)} />
          </div>
        )}
      </div>
    </NoticesContext>
  );
}
