import { useAuthActions } from "@convex-dev/auth/react";
import { Anchor, Button, Text, TextInput, Title } from "@mantine/core";
import { useConvexAuth, useMutation, useQuery_experimental as useQueryResult } from "convex/react";
import { useEffect, useState, type SubmitEvent } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { api } from "../../convex/_generated/api";
import { NAME_MAX_CHARS } from "../../protocol/limits";
import { FailureNote } from "../app/FailureNote";
import { explain, type Explanation } from "../app/messages";
import { PageTitle } from "../app/PageTitle";
import { PlainPage } from "../app/PlainPage";
import { NeedsBackend } from "../offline/NeedsBackend";
import { signInPathFor } from "../auth/return-path";
import classes from "../auth/SignInPage.module.css";
import { pathOf } from "../workspace/items";

/** `/l/:token`: where the link of a document or diagram leads. Who is signed in goes on at once. */
export default function LinkPage() {
  const { token = "" } = useParams();
  const { isAuthenticated, isLoading } = useConvexAuth();
  const target = useQueryResult({ query: api.links.preview, args: { token } });
  const waiting = isLoading || target.status === "pending";
  return (
    <PlainPage>
      <PageTitle>Shared with you</PageTitle>
      <div className={classes.centre}>
        <div className={classes.card} aria-busy={waiting}>
          <NeedsBackend>
            {waiting ? (
              <Text role="status">Opening the link…</Text>
            ) : target.status === "error" ? (
              <FailureNote explanation={explain(target.error)} />
            ) : target.data === null ? (
              <Gone />
            ) : isAuthenticated ? (
              <GoIn token={token} />
            ) : (
              <PickName token={token} title={target.data.title} mayEdit={target.data.role === "editor"} />
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
        This link leads nowhere any more
      </Title>
      <Text c="dimmed">It was taken back, or it has expired. Ask whoever sent it to you for a new one.</Text>
    </>
  );
}

function GoIn({ token }: { token: string }) {
  const open = useMutation(api.links.open);
  const navigate = useNavigate();
  const [failure, setFailure] = useState<Explanation | null>(null);
  useEffect(() => {
    open({ token }).then(
      (target) => navigate(pathOf(target), { replace: true }),
      (error: unknown) => setFailure(explain(error)),
    );
  }, [open, navigate, token]);
  if (failure !== null) return <FailureNote explanation={failure} />;
  return <Text role="status">Opening the link…</Text>;
}

interface PickNameProps {
  token: string;
  title: string;
  mayEdit: boolean;
}

/** Somebody without an account picks the name that others see; signing in is as good. */
function PickName({ token, title, mayEdit }: PickNameProps) {
  const { signIn } = useAuthActions();
  const [name, setName] = useState("");
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Explanation | null>(null);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (pending || name.trim() === "") return;
    setPending(true);
    setFailure(null);
    try {
      await signIn("anonymous", { name: name.trim() });
    } catch (error) {
      setPending(false);
      setFailure(explain(error));
    }
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Title order={1} mb={4} dir="auto">
        {title}
      </Title>
      <Text c="dimmed" mb="lg">
        {mayEdit ? "You can read and edit this" : "You can read this"} without an account. Just say who you
        are.
      </Text>
      <TextInput
        label="Your name"
        description="Others see it beside your cursor."
        value={name}
        maxLength={NAME_MAX_CHARS}
        autoComplete="nickname"
        size="md"
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {failure !== null && <FailureNote explanation={failure} />}
      <Button type="submit" size="md" fullWidth mt="md" loading={pending} disabled={name.trim() === ""}>
        Continue as a guest
      </Button>
      <Text mt="lg" size="sm">
        You have an account?{" "}
        <Anchor component={Link} to={signInPathFor(`/l/${token}`)} inherit fw={600}>
          Sign in instead
        </Anchor>
      </Text>
    </form>
  );
}
