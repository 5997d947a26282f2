import { Button, Group, Text } from "@mantine/core";
import { useMutation, useQuery_experimental as useQueryResult } from "convex/react";
import { api } from "../../convex/_generated/api";
import { useNotices } from "../app/useNotices";
import { NeedsBackend } from "../offline/NeedsBackend";
import classes from "./HomePage.module.css";
import { useWorkspaces } from "./useWorkspace";

/** Invitations to the person's address that wait for an answer. */
export function Invitations() {
  const result = useQueryResult({ query: api.invitations.mine, args: {} });
  const accept = useMutation(api.invitations.accept);
  const decline = useMutation(api.invitations.decline);
  const workspaces = useWorkspaces();
  const { showFailure } = useNotices();
  if (result.status !== "success" || result.data.length === 0) return null;

  const join = async (token: string) => {
    try {
      workspaces?.choose(await accept({ token }));
    } catch (error) {
      showFailure(error);
    }
  };
  return (
    <NeedsBackend>
      <ul className={classes.invitations} aria-label="Invitations">
        {result.data.map(({ token, workspace, invitedBy }) => (
          <li key={token} className={classes.invitation}>
            <Text>
              <strong dir="auto">{invitedBy}</strong> invites you to <strong dir="auto">{workspace}</strong>.
            </Text>
            <Group gap="xs">
              <Button size="compact-md" onClick={() => void join(token)}>
                Join
              </Button>
              <Button
                size="compact-md"
                variant="default"
                onClick={() => {
                  decline({ token }).catch((error: unknown) => showFailure(error));
                }}
              >
                Decline
              </Button>
            </Group>
          </li>
        ))}
      </ul>
    </NeedsBackend>
  );
}
