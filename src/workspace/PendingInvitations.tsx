import { ActionIcon } from "@mantine/core";
import { IconLink, IconMail, IconX } from "@tabler/icons-react";
import { useMutation, useQuery_experimental as useQueryResult } from "convex/react";
import { api } from "../../convex/_generated/api";
import { CopyLinkButton } from "../app/CopyLinkButton";
import { useNotices } from "../app/useNotices";
import { WORKSPACE_ROLE_NAMES } from "./workspace-roles";
import classes from "./WorkspacePage.module.css";

/** What is open, each with its link and a way to take it back. */
export function PendingInvitations({ workspaceId }: { workspaceId: string }) {
  const result = useQueryResult({ query: api.invitations.pending, args: { workspaceId } });
  const revoke = useMutation(api.invitations.revoke);
  const { showFailure } = useNotices();
  if (result.status !== "success" || result.data.length === 0) return null;
  const ends = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
  return (
    <ul className={classes.list} aria-label="Open invitations">
      {result.data.map(({ invitationId, email, role, token, expiresAt }) => {
        const whom = email ?? "whoever has the link";
        return (
          <li key={invitationId} className={classes.row}>
            {email === null ? (
              <IconLink size={18} aria-hidden="true" />
            ) : (
              <IconMail size={18} aria-hidden="true" />
            )}
            <div className={classes.who}>
              <span>{email ?? "A link for whoever has it"}</span>
              <span className={classes.detail}>
                {WORKSPACE_ROLE_NAMES[role]}, until {ends.format(expiresAt)}
              </span>
            </div>
            <CopyLinkButton path={`/invite/${token}`} label={`Copy link: invitation for ${whom}`} />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Take back the invitation for ${whom}`}
              onClick={() => {
                revoke({ workspaceId, invitationId }).catch((error: unknown) => showFailure(error));
              }}
            >
              <IconX size={16} aria-hidden="true" />
            </ActionIcon>
          </li>
        );
      })}
    </ul>
  );
}
