import { Button, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { ResourceKind } from "../../protocol/rooms";
import { FailureNote } from "../app/FailureNote";
import { explain, type Explanation } from "../app/messages";
import { NeedsBackend } from "../offline/NeedsBackend";
import { AddMemberForm } from "./AddMemberForm";
import { LinkAccess } from "./LinkAccess";
import { PeopleWithAccess } from "./PeopleWithAccess";
import classes from "./SharePanel.module.css";
import { CHANGING_FAILED } from "./share-messages";
import { useSharing } from "./useSharing";
import { WorkspaceAccess } from "./WorkspaceAccess";

export interface SharePanelProps {
  kind: ResourceKind;
  resourceId: string;
  /** Whether the person at this page may change who has access. */
  owner: boolean;
}

/** Who has access, and why: the workspace, people by name, whoever has the link. An owner changes it here. */
export function SharePanel({ kind, resourceId, owner }: SharePanelProps) {
  const sharing = useSharing(kind, resourceId);
  const [failure, setFailure] = useState<Explanation | null>(null);
  const { overview } = sharing;

  function change(attempt: Promise<unknown>) {
    setFailure(null);
    attempt.catch((error: unknown) => setFailure(explain(error, CHANGING_FAILED)));
  }

  return (
    <NeedsBackend>
      <Stack gap="lg">
        {owner && <AddMemberForm add={sharing.setRole} />}
        {overview.status === "pending" && <OverviewSkeleton />}
        {overview.status === "error" && <FailureNote explanation={explain(overview.error)} />}
        {overview.status === "success" && (
          <>
            <section aria-labelledby="with-access">
              <Text size="sm" fw={600} mb={6} id="with-access">
                Who has access
              </Text>
              <ul className={classes.members}>
                <WorkspaceAccess overview={overview.data} sharing={sharing} owner={owner} onChange={change} />
                <PeopleWithAccess
                  overview={overview.data}
                  sharing={sharing}
                  owner={owner}
                  onChange={change}
                />
              </ul>
              {overview.data.morePeople && (
                <Button size="compact-sm" variant="light" mt="xs" onClick={sharing.showEverybody}>
                  Show everybody
                </Button>
              )}
            </section>
            <LinkAccess overview={overview.data} sharing={sharing} owner={owner} onChange={change} />
          </>
        )}
        {failure !== null && <FailureNote explanation={failure} />}
        {!owner && (
          <Text size="sm" c="dimmed">
            Only an owner can change who has access.
          </Text>
        )}
      </Stack>
    </NeedsBackend>
  );
}

function OverviewSkeleton() {
  return (
    <Stack gap="sm" aria-hidden="true">
      <Skeleton height={40} radius="md" />
      <Skeleton height={40} radius="md" />
    </Stack>
  );
}
