import { Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Role } from "../../protocol/roles";
import type { ResourceKind } from "../../protocol/rooms";
import { FailureNote } from "../app/FailureNote";
import { explain, type Explanation } from "../app/messages";
import { AddMemberForm } from "./AddMemberForm";
import { MemberRow } from "./MemberRow";
import classes from "./SharePanel.module.css";
import { CHANGING_FAILED } from "./share-messages";
import { useMembers, type Member } from "./useMembers";

interface SharePanelProps {
  kind: ResourceKind;
  resourceId: string;
  /** Whether the person at this page may change who has access. */
  owner: boolean;
}

/** Who has access by name; an owner adds, changes and removes people here. */
export function SharePanel({ kind, resourceId, owner }: SharePanelProps) {
  const { members, setRole, remove } = useMembers(kind, resourceId);
  const [failure, setFailure] = useState<Explanation | null>(null);

  function change(attempt: Promise<null>) {
    setFailure(null);
    attempt.catch((error: unknown) => setFailure(explain(error, CHANGING_FAILED)));
  }

  return (
    <Stack gap="lg">
      {owner && <AddMemberForm add={setRole} />}
      <section aria-label="People with access">
        <Text size="sm" fw={600} mb={6}>
          People with access
        </Text>
        {members.status === "pending" && <MembersSkeleton />}
        {members.status === "error" && <FailureNote explanation={explain(members.error)} />}
        {members.status === "success" && (
          <ul className={classes.members}>
            {members.data.map((member) => (
              <MemberRow
                key={member.userId}
                member={member}
                owner={owner}
                lastOwner={isLastOwner(members.data, member)}
                onRole={(email: string, role: Role) => change(setRole(email, role))}
                onRemove={() => change(remove(member.userId))}
              />
            ))}
          </ul>
        )}
        {failure !== null && (
          <div className={classes.failure}>
            <FailureNote explanation={failure} />
          </div>
        )}
      </section>
      {!owner && (
        <Text size="sm" c="dimmed">
          Only an owner can change who has access.
        </Text>
      )}
    </Stack>
  );
}

function isLastOwner(members: Member[], member: Member): boolean {
  return member.role === "owner" && members.filter(({ role }) => role === "owner").length === 1;
}

function MembersSkeleton() {
  return (
    <Stack gap="sm" aria-hidden="true">
      <Skeleton height={40} radius="md" />
      <Skeleton height={40} radius="md" />
    </Stack>
  );
}
