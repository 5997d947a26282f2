import { Button, Group, Text, Title } from "@mantine/core";
import { useConvexAuth, useMutation, useQuery, useQuery_experimental as useQueryResult } from "convex/react";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { api } from "../../convex/_generated/api";
import { FailureNote } from "../app/FailureNote";
import { explain, type Explanation, type Explanations } from "../app/messages";
import { PageTitle } from "../app/PageTitle";
import { PlainPage } from "../app/PlainPage";
import { NeedsBackend } from "../offline/NeedsBackend";
import { useChosenWorkspace } from "../workspace/useWorkspace";
import { signInPathFor } from "./return-path";
import classes from "./SignInPage.module.css";

const JOINING_FAILED: Partial<Explanations> = {
  forbidden: {
    what: "This invitation is not for the account that you are signed in with.",
    next: "Sign out, then sign in with the address that was invited; a guest needs an account first.",
  },
  not_found: {
    what: "This invitation was taken back, or it has expired.",
    next: "Ask whoever sent it for a new one.",
  },
  limit: {
    what: "There is no room: the workspace is full, or you are in too many.",
    next: "Ask whoever invited you, or leave a workspace that you don’t need.",
  },
};

/** `/invite/:token`: an invitation to a workspace, for whoever opened its link. */
export default function InvitationPage() {
  const { token = "" } = useParams();
  const { isAuthenticated, isLoading } = useConvexAuth();
  const offer = useQueryResult({ query: api.invitations.preview, args: { token } });
  return (
    <PlainPage>
      <PageTitle>Invitation</PageTitle>
      <div className={classes.centre}>
        <div className={classes.card} aria-busy={offer.status === "pending" || isLoading}>
          <NeedsBackend>
            {offer.status === "error" && <FailureNote explanation={explain(offer.error)} />}
            {offer.status === "success" && offer.data === null && <Gone />}
            {offer.status === "success" && offer.data !== null && !isLoading && (
              <>
                <Title order={1} mb={4}>
                  Join <span dir="auto">{offer.data.workspace}</span>
                </Title>
                <Text c="dimmed" mb="lg">
                  {offer.data.invitedBy} invites you to write and draw together.
                </Text>
                {isAuthenticated ? <Join token={token} /> : <SignInFirst token={token} />}
              </>
            )}
          </NeedsBackend>
        </div>
      </div>
    </PlainPage>
  );
}

function Gone() {
  return (
    <>
      <Title order={1} mb={4}>
        This invitation is over
      </Title>
      <Text c="dimmed" mb="lg">
        It was taken back, answered, or it has expired. Ask whoever sent it for a new one.
      </Text>
      <Button component={Link} to="/" variant="default">
        Go to your workspace
      </Button>
    </>
  );
}

function Join({ token }: { token: string }) {
  const me = useQuery(api.users.me);
  const accept = useMutation(api.invitations.accept);
  const [, choose] = useChosenWorkspace();
  const navigate = useNavigate();
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Explanation | null>(null);

  async function join() {
    setPending(true);
    setFailure(null);
    try {
      const workspaceId = await accept({ token });
      choose(workspaceId);
      await navigate(`/w/${workspaceId}`);
    } catch (error) {
      setPending(false);
      setFailure(explain(error, JOINING_FAILED));
    }
  }

  return (
    <>
      <Text size="sm" mb="md">
        You are signed in as <strong dir="auto">{me?.name}</strong>
        {me?.email ? ` (${me.email})` : ""}.
      </Text>
      {failure !== null && <FailureNote explanation={failure} />}
      <Group mt="md">
        <Button loading={pending} onClick={() => void join()}>
          Join the workspace
        </Button>
        <Button component={Link} to="/" variant="default">
          Not now
        </Button>
      </Group>
    </>
  );
}

function SignInFirst({ token }: { token: string }) {
  const back = signInPathFor(`/invite/${token}`);
  return (
    <Group>
      <Button component={Link} to={`${back}&create=1`}>
        Create an account
      </Button>
      <Button component={Link} to={back} variant="default">
        Sign in
      </Button>
    </Group>
  );
}
