import { Button, Group, Modal, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useMutation, usePaginatedQuery, type UsePaginatedQueryReturnType } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { useState } from "react";
import { api } from "../../convex/_generated/api";
import { TRASH_DAYS } from "../../protocol/limits";
import { PageTitle } from "../app/PageTitle";
import { useNotices } from "../app/useNotices";
import { NeedsBackend } from "../offline/NeedsBackend";
import { age } from "./age";
import { ItemIcon } from "./ItemIcon";
import classes from "./TrashPage.module.css";
import { useWorkspaces, type Workspace } from "./useWorkspace";

type Trashed = FunctionReturnType<typeof api.trash.list>["page"][number];

const PAGE = { initialNumItems: 50 };

const DAY_MS = 24 * 60 * 60 * 1000;

/** `/trash`: what was put into the trash in this workspace, and the two ways out of it. */
export default function TrashPage() {
  const workspaces = useWorkspaces();
  return (
    <div className={classes.page}>
      <PageTitle>Trash</PageTitle>
      <Title order={1}>Trash</Title>
      <Text c="dimmed" mt={6} mb="lg">
        What is in here is deleted for good {TRASH_DAYS} days after it was put here.
      </Text>
      <NeedsBackend>
        {workspaces === null ? <ListSkeleton /> : <TrashOf workspace={workspaces.current} />}
      </NeedsBackend>
    </div>
  );
}

/** What everybody here can restore, and what only a role of one's own lets one restore. */
function TrashOf({ workspace: { workspaceId, name, role, personal } }: { workspace: Workspace }) {
  const [deleting, setDeleting] = useState<Trashed | null>(null);
  const isShared = !personal && role !== "guest";
  const common = usePaginatedQuery(
    api.trash.list,
    isShared ? { workspaceId, whose: "workspace" } : "skip",
    PAGE,
  );
  const own = usePaginatedQuery(api.trash.list, { workspaceId, whose: "own" }, PAGE);
  const lists = isShared ? [common, own] : [own];
  if (lists.some(({ status }) => status === "LoadingFirstPage")) return <ListSkeleton />;
  return (
    <>
      {lists.every(({ results, status }) => results.length === 0 && status === "Exhausted") && (
        <Text className={classes.empty}>
          Nothing in the trash of <strong dir="auto">{name}</strong>.
        </Text>
      )}
      {isShared && <TrashList trash={common} title={`Of ${name}`} onDelete={setDeleting} />}
      <TrashList trash={own} {...(isShared && { title: "Private" })} onDelete={setDeleting} />
      <DeleteDialog item={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

interface TrashListProps {
  trash: UsePaginatedQueryReturnType<typeof api.trash.list>;
  title?: string;
  onDelete: (item: Trashed) => void;
}

function TrashList({ trash: { results, status, loadMore }, title, onDelete }: TrashListProps) {
  const [now] = useState(Date.now);
  const more = status === "CanLoadMore" || status === "LoadingMore";
  if (results.length === 0 && !more) return null;
  return (
    <section>
      {title !== undefined && (
        <Title order={2} className={classes.heading} dir="auto">
          {title}
        </Title>
      )}
      <ul className={classes.list}>
        {results.map((item) => (
          <TrashRow key={item.resourceId} item={item} now={now} onDelete={() => onDelete(item)} />
        ))}
      </ul>
      {more && (
        <Button
          variant="light"
          mt="md"
          loading={status === "LoadingMore"}
          onClick={() => loadMore(PAGE.initialNumItems)}
        >
          Show more
        </Button>
      )}
    </section>
  );
}

function TrashRow({ item, now, onDelete }: { item: Trashed; now: number; onDelete: () => void }) {
  const restore = useMutation(api.trash.restore);
  const { showFailure } = useNotices();
  const { kind, resourceId, title, trashedAt, goesAt, mayDelete } = item;
  const daysLeft = Math.max(0, Math.ceil((goesAt - now) / DAY_MS));
  return (
    <li className={classes.row}>
      <ItemIcon item={item} size={20} />
      <div className={classes.what}>
        <span className={classes.title} dir="auto">
          {title}
        </span>
        <span className={classes.facts}>
          Put here {age(trashedAt, now)}, {daysLeft === 1 ? "1 day left" : `${daysLeft} days left`}
        </span>
      </div>
      <Group gap="xs" className={classes.actions}>
        <Button
          size="compact-sm"
          variant="light"
          aria-label={`Restore ${title}`}
          onClick={() => {
            restore({ kind, resourceId }).catch((error: unknown) => showFailure(error));
          }}
        >
          Restore
        </Button>
        {mayDelete && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            className={classes.delete}
            aria-label={`Delete for good: ${title}`}
            onClick={onDelete}
          >
            Delete for good
          </Button>
        )}
      </Group>
    </li>
  );
}

/** The one thing here that cannot be undone is asked about. */
function DeleteDialog({ item, onClose }: { item: Trashed | null; onClose: () => void }) {
  const deleteForever = useMutation(api.trash.deleteForever);
  const { showFailure } = useNotices();
  return (
    <Modal
      opened={item !== null}
      onClose={onClose}
      title="Delete for good?"
      closeButtonProps={{ "aria-label": "Close" }}
      size={440}
      centered
    >
      {item !== null && (
        <NeedsBackend>
          <Text size="sm">
            <strong dir="auto">{item.title}</strong> and everything in it will be gone for everybody, backups
            included. Nobody can bring it back.
          </Text>
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={onClose} data-autofocus>
              Keep it
            </Button>
            <Button
              color="red"
              onClick={() => {
                onClose();
                const { kind, resourceId } = item;
                deleteForever({ kind, resourceId }).catch((error: unknown) => showFailure(error));
              }}
            >
              Delete for good
            </Button>
          </Group>
        </NeedsBackend>
      )}
    </Modal>
  );
}

function ListSkeleton() {
  return (
    <Stack gap="sm" aria-hidden="true">
      <Skeleton height={52} radius="md" />
      <Skeleton height={52} radius="md" />
    </Stack>
  );
}
