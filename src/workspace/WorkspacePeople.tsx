import { Button, Group, Modal, NativeSelect, Text } from "@mantine/core";
import { useMutation, useQuery } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { useState } from "react";
import { api } from "../../convex/_generated/api";
import type { Explanations } from "../app/messages";
import { PersonAvatar } from "../app/PersonAvatar";
import { useNotices } from "../app/useNotices";
import { parseWorkspaceRole, WORKSPACE_ROLE_NAMES, workspaceRoleChoices } from "./workspace-roles";
import classes from "./WorkspacePage.module.css";

type Member = FunctionReturnType<typeof api.workspaces.members>["page"][number];

const CHANGING_FAILED: Partial<Explanations> = {
  invalid: { what: "There must always be an admin.", next: "Make somebody else an admin first." },
  forbidden: { what: "You can’t change who is in this workspace any more.", next: "Ask an admin to do it." },
};

interface WorkspacePeopleProps {
  workspaceId: string;
  members: Member[];
  /** Whether the person at this page may change this. */
  admin: boolean;
}

/** Everybody in a workspace; an admin changes what they are, and everybody may leave. */
export function WorkspacePeople({ workspaceId, members, admin }: WorkspacePeopleProps) {
  const me = useQuery(api.users.me);
  const setRole = useMutation(api.workspaces.setRole);
  const remove = useMutation(api.workspaces.removeMember);
  const { showFailure } = useNotices();
  const [leaving, setLeaving] = useState<Member | null>(null);
  const lastAdmin = members.filter(({ role }) => role === "admin").length === 1;
  const orSay = (attempt: Promise<null>) => {
    attempt.catch((error: unknown) => showFailure(error, CHANGING_FAILED));
  };
  return (
    <>
      <ul className={classes.list}>
        {members.map((member) => {
          const { person, role } = member;
          const isMe = person.userId === me?.userId;
          const fixed = role === "admin" && lastAdmin;
          return (
            <li key={person.userId} className={classes.row}>
              <PersonAvatar name={person.name} color={person.color} />
              <div className={classes.who}>
                <span dir="auto">
                  {person.name}
                  {isMe && " (you)"}
                </span>
                {person.email !== null && <span className={classes.detail}>{person.email}</span>}
              </div>
              {admin && !fixed ? (
                <NativeSelect
                  size="xs"
                  aria-label={`Role of ${person.name}`}
                  data={workspaceRoleChoices()}
                  value={role}
                  onChange={(event) => {
                    const next = parseWorkspaceRole(event.currentTarget.value);
                    orSay(setRole({ workspaceId, userId: person.userId, role: next }));
                  }}
                />
              ) : (
                <Text size="sm" c="dimmed">
                  {WORKSPACE_ROLE_NAMES[role]}
                </Text>
              )}
              {(admin || isMe) && !fixed && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="gray"
                  aria-label={isMe ? undefined : `Remove ${person.name}`}
                  onClick={() => setLeaving(member)}
                >
                  {isMe ? "Leave" : "Remove"}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      <LeaveDialog
        member={leaving}
        isMe={leaving?.person.userId === me?.userId}
        onClose={() => setLeaving(null)}
        onConfirm={({ person }) => orSay(remove({ workspaceId, userId: person.userId }))}
      />
    </>
  );
}

interface LeaveDialogProps {
  member: Member | null;
  isMe: boolean;
  onClose: () => void;
  onConfirm: (member: Member) => void;
}

/** Asks, because letting somebody in again does not bring back the roles that they had by name. */
function LeaveDialog({ member, isMe, onClose, onConfirm }: LeaveDialogProps) {
  const name = member?.person.name ?? "";
  return (
    <Modal
      opened={member !== null}
      onClose={onClose}
      title={isMe ? "Leave this workspace?" : `Remove ${name}?`}
      closeButtonProps={{ "aria-label": "Close" }}
      size={440}
      centered
    >
      <Text size="sm">
        {isMe
          ? "You lose access to everything in it, also to what is private to you there: that goes to an admin."
          : `${name} loses access to everything in the workspace. What only they owned becomes yours.`}
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          color="red"
          onClick={() => {
            onClose();
            if (member !== null) onConfirm(member);
          }}
        >
          {isMe ? "Leave" : "Remove"}
        </Button>
      </Group>
    </Modal>
  );
}
