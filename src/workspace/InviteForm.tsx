import { Button, NativeSelect, Text, TextInput } from "@mantine/core";
import { useMutation } from "convex/react";
import { useRef, useState, type SubmitEvent } from "react";
import { api } from "../../convex/_generated/api";
import { PENDING_INVITATIONS_MAX } from "../../protocol/limits";
import type { WorkspaceRole } from "../../protocol/roles";
import { FailureNote } from "../app/FailureNote";
import { explain, type Explanation, type Explanations } from "../app/messages";
import classes from "./WorkspacePage.module.css";
import { parseWorkspaceRole, WORKSPACE_ROLE_MEANINGS, workspaceRoleChoices } from "./workspace-roles";

/** After this an invitation that nobody answered is worth nothing. */
const DAYS = 14;

const INVITING_FAILED: Partial<Explanations> = {
  invalid: {
    what: "This could not be sent.",
    next: "Check the address. Somebody who is in the workspace already needs no invitation, and admins are invited by address only.",
  },
  forbidden: { what: "You can’t invite people any more.", next: "Ask an admin of the workspace to do it." },
  limit: {
    what: `${PENDING_INVITATIONS_MAX} invitations are open, and that is as many as there may be.`,
    next: "Take back some that nobody will answer, or pass on one link.",
  },
};

/** Invites by address, or makes a link to pass on. */
export function InviteForm({ workspaceId }: { workspaceId: string }) {
  const invite = useMutation(api.invitations.create);
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<WorkspaceRole>("member");
  const [pending, setPending] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const [failure, setFailure] = useState<Explanation | null>(null);
  const field = useRef<HTMLInputElement>(null);

  async function send(to: string | null) {
    if (pending) return;
    setPending(true);
    setFailure(null);
    setDone(null);
    try {
      await invite({ workspaceId, email: to, role, days: DAYS });
      setDone(
        to === null
          ? "The link is below: send it to whom you want to have in."
          : `${to} finds the invitation in Ripple. You can also send them the link below.`,
      );
      if (to !== null) setEmail("");
    } catch (error) {
      setFailure(explain(error, INVITING_FAILED));
    } finally {
      setPending(false);
      field.current?.focus();
    }
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (email.trim() !== "") void send(email.trim());
  }

  return (
    <form noValidate onSubmit={submit}>
      <div className={classes.invite}>
        <TextInput
          ref={field}
          label="Email address"
          placeholder="name@example.com"
          type="email"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <NativeSelect
          label="As"
          data={workspaceRoleChoices()}
          value={role}
          onChange={(event) => setRole(parseWorkspaceRole(event.currentTarget.value))}
        />
        <Button type="submit" loading={pending} disabled={email.trim() === ""}>
          Invite
        </Button>
      </div>
      <div className={classes.under}>
        <Text size="sm" c="dimmed">
          {WORKSPACE_ROLE_MEANINGS[role]}
        </Text>
        <Button size="compact-sm" variant="light" disabled={role === "admin"} onClick={() => void send(null)}>
          Make a link instead
        </Button>
      </div>
      <Text size="sm" mt="xs" role="status">
        {done}
      </Text>
      {failure !== null && <FailureNote explanation={failure} />}
    </form>
  );
}
