import { Button, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, usePaginatedQuery, useQuery_experimental as useQueryResult } from "convex/react";
import { useState, type SubmitEvent } from "react";
import { useParams } from "react-router";
import { api } from "../../convex/_generated/api";
import { TITLE_MAX_CHARS } from "../../protocol/limits";
import { NoAccess } from "../app/NoAccess";
import { PageTitle } from "../app/PageTitle";
import { useNotices } from "../app/useNotices";
import { NeedsBackend } from "../offline/NeedsBackend";
import { DeleteWorkspace } from "./DeleteWorkspace";
import { PendingInvitations } from "./PendingInvitations";
import { InviteForm } from "./InviteForm";
import { useWorkspaces, type Workspace } from "./useWorkspace";
import { WorkspacePeople } from "./WorkspacePeople";
import classes from "./WorkspacePage.module.css";

/** People on the page before somebody asks for more. */
const PEOPLE_SHOWN = 50;

/** `/w/:workspaceId`: a workspace's name, who is in it, and how people get in. */
export default function WorkspacePage() {
  const { workspaceId } = useParams();
  const workspaces = useWorkspaces();
  if (workspaces === null) return <PageOutline />;
  const workspace = workspaces.all.find((candidate) => candidate.workspaceId === workspaceId);
  if (workspace === undefined) return <NoAccess />;
  return (
    <div className={classes.page}>
      <PageTitle>{workspace.name}</PageTitle>
      <Title order={1} dir="auto">
        {workspace.name}
      </Title>
      <NeedsBackend>
        {workspace.personal ? (
          <Personal workspace={workspace} />
        ) : workspace.role === "guest" ? (
          <Guest workspace={workspace} />
        ) : (
          <Shared workspace={workspace} />
        )}
      </NeedsBackend>
    </div>
  );
}

function Personal({ workspace }: { workspace: Workspace }) {
  return (
    <>
      <Text c="dimmed" mt={6} mb="lg" maw={560}>
        Your own: nobody else is in it. What you make here is private until you share it by name or by a link.
        To work with a team, make a new workspace and invite people there.
      </Text>
      <NameForm workspace={workspace} />
    </>
  );
}

function Guest({ workspace: { workspaceId } }: { workspace: Workspace }) {
  return (
    <>
      <Text c="dimmed" mt={6} mb="lg" maw={560}>
        You are a guest here: you see what somebody has shared with you, under “Shared with me”.
      </Text>
      <LeaveButton workspaceId={workspaceId} />
    </>
  );
}

function Shared({ workspace }: { workspace: Workspace }) {
  const admin = workspace.role === "admin";
  const { workspaceId } = workspace;
  const { results, status, loadMore } = usePaginatedQuery(
    api.workspaces.members,
    { workspaceId },
    { initialNumItems: PEOPLE_SHOWN },
  );
  return (
    <Stack gap={36} mt="lg">
      {admin && <NameForm workspace={workspace} />}
      {admin && (
        <section aria-labelledby="invite">
          <Title order={2} id="invite" mb="sm">
            Invite people
          </Title>
          <InviteForm workspaceId={workspaceId} />
          <PendingInvitations workspaceId={workspaceId} />
        </section>
      )}
      <section aria-labelledby="people">
        <Title order={2} id="people" mb="xs">
          People
        </Title>
        {status === "LoadingFirstPage" ? (
          <Skeleton height={44} radius="md" aria-hidden="true" />
        ) : (
          <WorkspacePeople workspaceId={workspaceId} members={results} admin={admin} />
        )}
        {(status === "CanLoadMore" || status === "LoadingMore") && (
          <Button
            variant="light"
            mt="md"
            loading={status === "LoadingMore"}
            onClick={() => loadMore(PEOPLE_SHOWN)}
          >
            Show more
          </Button>
        )}
      </section>
      {admin && <DeleteWorkspace workspace={workspace} />}
    </Stack>
  );
}

function NameForm({ workspace: { workspaceId, name } }: { workspace: Workspace }) {
  const rename = useMutation(api.workspaces.rename);
  const { showFailure } = useNotices();
  const [draft, setDraft] = useState<string | null>(null);
  const changed = draft !== null && draft.trim() !== "" && draft.trim() !== name;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!changed) return;
    rename({ workspaceId, name: draft }).then(
      () => setDraft(null),
      (error: unknown) => showFailure(error),
    );
  }

  return (
    <form className={classes.name} onSubmit={submit}>
      <TextInput
        label="Name of the workspace"
        value={draft ?? name}
        maxLength={TITLE_MAX_CHARS}
        autoComplete="off"
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!changed}>
        Rename
      </Button>
    </form>
  );
}

function LeaveButton({ workspaceId }: { workspaceId: string }) {
  const me = useQueryResult({ query: api.users.me, args: {} });
  const leave = useMutation(api.workspaces.removeMember);
  const { showFailure } = useNotices();
  if (me.status !== "success" || me.data === null) return null;
  const { userId } = me.data;
  return (
    <Button
      variant="default"
      onClick={() => {
        leave({ workspaceId, userId }).catch((error: unknown) => showFailure(error));
      }}
    >
      Leave this workspace
    </Button>
  );
}

function PageOutline() {
  return (
    <div className={classes.page} aria-hidden="true">
      <Skeleton height={30} width={240} radius="md" mb="xl" />
      <Skeleton height={44} radius="md" />
    </div>
  );
}
