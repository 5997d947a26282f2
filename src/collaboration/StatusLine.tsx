import { Button, CopyButton, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { AboutButton } from "../app/AboutButton";
import { useOnline } from "../app/useOnline";
import { useTroubles } from "../offline/troubles";
import type { SessionFigures } from "./room-session";
import type { RoomStatus } from "./room-status";
import { statusText, type Noun } from "./status-text";
import classes from "./StatusLine.module.css";

/** "Saving…" stays this long after the last edit was saved, so that the words do not flicker while one types. */
const SETTLE_MS = 500;

const FIGURES_EVERY_MS = 1_000;

interface StatusLineProps {
  status: RoomStatus;
  /** Whether the person may edit. */
  editable: boolean;
  noun: Noun;
  /** How the session has fared so far; `null` while there is none. */
  figures: (() => SessionFigures) | null;
  onRetry: () => void;
  /** The content as text, where it can be had as text. */
  copyText?: (() => string) | undefined;
}

/** How things stand with the room, and on demand what that means and what to do. */
export function StatusLine({ status, editable, noun, figures, onRetry, copyText }: StatusLineProps) {
  const online = useOnline();
  const { label, saved, detail, tone, retry, rescue } = statusText(
    useSettled(status),
    editable,
    online,
    noun,
  );
  return (
    <div className={classes.line} data-tone={tone}>
      <span className={classes.dot} aria-hidden="true" />
      <div role="status" aria-label="Connection" className={classes.words}>
        {label}
        {saved !== "" && (
          // Spoken with the rest when the connection changes, but not at every pause in typing.
          <span aria-live={saved.startsWith("Not") ? "polite" : "off"} className={classes.saved}>
            {saved}
          </span>
        )}
      </div>
      <AboutButton label="About the connection">
        <Text size="sm">{detail}</Text>
        {rescue && copyText !== undefined && (
          <CopyButton value={copyText()}>
            {({ copied, copy }) => (
              <Button size="compact-sm" mt="sm" mr="xs" onClick={copy}>
                {copied ? "Copied" : "Copy the text"}
              </Button>
            )}
          </CopyButton>
        )}
        {retry && (
          <Button size="compact-sm" variant="light" mt="sm" onClick={onRetry}>
            Try again now
          </Button>
        )}
        {figures !== null && <Figures figures={figures} />}
      </AboutButton>
    </div>
  );
}

/** What a bug report needs, while the popover is open. */
function Figures({ figures }: { figures: () => SessionFigures }) {
  const [{ roundTripMs, reconnects, failures }, setShown] = useState(figures);
  useEffect(() => {
    const timer = setInterval(() => setShown(figures), FIGURES_EVERY_MS);
    return () => clearInterval(timer);
  }, [figures]);
  const { full, failed } = useTroubles();
  return (
    <dl className={classes.figures}>
      <dt>Round trip</dt>
      <dd>{roundTripMs === null ? "not measured yet" : `${roundTripMs} ms`}</dd>
      <dt>Reconnects</dt>
      <dd>{reconnects}</dd>
      <dt>Failed connections</dt>
      <dd>{failures}</dd>
      <dt>Failures to keep something here</dt>
      <dd>{full === 0 ? failed : `${failed + full}, ${full} for lack of space`}</dd>
    </dl>
  );
}

/** The status, with "saved" held back for a moment. Never the other way: what is unsaved shows at once. */
function useSettled(status: RoomStatus): RoomStatus {
  const justSaved = status.saved.kind === "saved";
  const [settled, setSettled] = useState(justSaved);
  useEffect(() => {
    if (!justSaved) return;
    const timer = setTimeout(() => setSettled(true), SETTLE_MS);
    return () => {
      clearTimeout(timer);
      setSettled(false);
    };
  }, [justSaved]);
  return justSaved && !settled ? { ...status, saved: { kind: "saving" } } : status;
}
