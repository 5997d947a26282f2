import { ActionIcon, Anchor, Button, Modal, NativeSelect, Skeleton, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { FailureNote } from "../app/FailureNote";
import { useNotices } from "../app/useNotices";
import { age } from "../workspace/age";
import { pathOf } from "../workspace/items";
import { KindIcon } from "../workspace/KindIcon";
import { chooseLimit, chosenLimit, LIMIT_CHOICES, nameOfLimit, parseLimit } from "./copies-limit";
import classes from "./CopiesDialog.module.css";
import { evictCopies, removeCopies } from "./eviction";
import { askToLast } from "./lasting-storage";
import { sizeInWords } from "./size-in-words";
import { useCopies, type Copy } from "./useCopies";

const STATES: Record<Copy["state"], string> = {
  synced: "Synced",
  unsynced: "Has changes that are only on this device",
  open: "Open now",
};

const ORDERS = {
  opened: (a: Copy, b: Copy) => b.lastOpened - a.lastOpened,
  size: (a: Copy, b: Copy) => b.bytes - a.bytes,
};

const UNREADABLE = {
  what: "This browser does not let Ripple keep anything, or its storage is damaged.",
  next: "Private windows and blocked site data have this effect. What the server has is not touched by it.",
};

interface CopiesDialogProps {
  userId: string;
  onClose: () => void;
}

/** What this device keeps of documents and diagrams, how much it may be, and what of it can go. */
export default function CopiesDialog({ userId, onClose }: CopiesDialogProps) {
  const [copies, lookAgain] = useCopies(userId);
  const { showFailure } = useNotices();
  const change = (attempt: Promise<unknown>) => {
    attempt.catch((error: unknown) => showFailure(error)).finally(lookAgain);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title="Offline copies"
      closeButtonProps={{ "aria-label": "Close" }}
      size={560}
      centered
    >
      <Text size="sm" mb="md">
        Ripple keeps a copy of what you open on this device: it opens at once, and without a network.
      </Text>
      {copies.kind === "loading" && <Skeleton height={120} radius="md" aria-hidden="true" />}
      {copies.kind === "failed" && <FailureNote explanation={UNREADABLE} />}
      {copies.kind === "found" && (
        <>
          <Limit onChange={() => change(evictCopies(userId))} />
          <Lasting lasting={copies.lasting} onGranted={lookAgain} />
          <CopyList
            copies={copies.copies}
            onOpen={onClose}
            onRemove={(roomIds) => change(removeCopies(userId, roomIds))}
          />
        </>
      )}
    </Modal>
  );
}

function Limit({ onChange }: { onChange: () => void }) {
  const [limit, setLimit] = useState(chosenLimit);
  return (
    <NativeSelect
      label="Together they take at most"
      description="Beyond that, synced copies that were opened longest ago are removed first. Unsaved changes never are."
      value={nameOfLimit(limit)}
      data={LIMIT_CHOICES.map((choice) => ({
        value: nameOfLimit(choice),
        label: choice === null ? "as much as the browser gives" : sizeInWords(choice * 1_000_000),
      }))}
      onChange={(event) => {
        const chosen = parseLimit(event.currentTarget.value);
        if (chosen === undefined) return;
        chooseLimit(chosen);
        setLimit(chosen);
        onChange();
      }}
    />
  );
}

/** Whether the browser may clear all of it by itself. */
function Lasting({ lasting, onGranted }: { lasting: boolean; onGranted: () => void }) {
  const { showFailure } = useNotices();
  const [refused, setRefused] = useState(false);
  async function ask() {
    try {
      if (await askToLast()) onGranted();
      else setRefused(true);
    } catch (error) {
      showFailure(error);
    }
  }
  return (
    <div className={classes.lasting}>
      <Text size="sm" c="dimmed" role="status">
        {lasting
          ? "This browser keeps them until you remove them."
          : refused
            ? "The browser has refused. Most change their mind about pages that are used often, or installed."
            : "This browser may clear them when the device runs short of space."}
      </Text>
      {!lasting && !refused && (
        <Button size="compact-sm" variant="light" onClick={() => void ask()}>
          Ask it to keep them
        </Button>
      )}
    </div>
  );
}

interface CopyListProps {
  copies: Copy[];
  onOpen: () => void;
  onRemove: (roomIds: string[]) => void;
}

function CopyList({ copies, onOpen, onRemove }: CopyListProps) {
  const [order, setOrder] = useState<keyof typeof ORDERS>("opened");
  const [now] = useState(Date.now);
  const synced = copies.filter(({ state }) => state === "synced").map(({ roomId }) => roomId);
  const total = copies.reduce((sum, { bytes }) => sum + bytes, 0);
  if (copies.length === 0) {
    return (
      <Text size="sm" role="status">
        There are none yet.
      </Text>
    );
  }
  return (
    <>
      <div className={classes.head}>
        <Text size="sm" fw={600} role="status">
          {copies.length === 1 ? "1 copy" : `${copies.length} copies`}, {sizeInWords(total)}
        </Text>
        <NativeSelect
          size="xs"
          aria-label="Order of the copies"
          value={order}
          data={[
            { value: "opened", label: "Opened last first" },
            { value: "size", label: "Largest first" },
          ]}
          onChange={(event) => setOrder(event.currentTarget.value === "size" ? "size" : "opened")}
        />
      </div>
      <ul className={classes.list} aria-label="Copies on this device">
        {[...copies].sort(ORDERS[order]).map(({ roomId, room, title, bytes, lastOpened, state }) => (
          <li key={roomId} className={classes.copy}>
            <KindIcon kind={room.kind} />
            <div className={classes.what}>
              <Anchor component={Link} to={pathOf(room)} size="sm" dir="auto" onClick={onOpen}>
                {title === "" ? "Untitled" : title}
              </Anchor>
              <Text size="xs" c="dimmed">
                {sizeInWords(bytes)}, opened {age(lastOpened, now)}. {STATES[state]}.
              </Text>
            </div>
            {state === "synced" && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove the copy of ${title}`}
                onClick={() => onRemove([roomId])}
              >
                <IconX size={16} aria-hidden="true" />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {synced.length > 0 && (
        <Button size="compact-md" variant="default" mt="md" onClick={() => onRemove(synced)}>
          Remove all that are synced
        </Button>
      )}
    </>
  );
}
