import { Button, Group, Modal, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "convex/react";
import { useState, type SubmitEvent } from "react";
import { useNavigate } from "react-router";
import { api } from "../../convex/_generated/api";
import { TITLE_MAX_CHARS } from "../../protocol/limits";
import { FailureNote } from "../app/FailureNote";
import { explain, type Explanation, type Explanations } from "../app/messages";
import type { Workspace } from "./useWorkspace";
import classes from "./WorkspacePage.module.css";

const DELETING_FAILED: Partial<Explanations> = {
  forbidden: { what: "You can’t delete this workspace any more.", next: "Ask one of its admins to do it." },
  invalid: {
    what: "This is not the name of the workspace.",
    next: "Somebody may have changed it: look above.",
  },
};

/** The end of a workspace. Nobody can bring it back, so its name has to be typed. */
export function DeleteWorkspace({ workspace }: { workspace: Workspace }) {
  const [asking, setAsking] = useState(false);
  return (
    <section aria-labelledby="delete">
      <Title order={2} id="delete" mb={4}>
        Delete the workspace
      </Title>
      <Text size="sm" c="dimmed" mb="sm" maw={560}>
        With every document and diagram in it, for everybody. Move out first what you want to keep.
      </Text>
      <Button variant="default" className={classes.delete} onClick={() => setAsking(true)}>
        Delete this workspace…
      </Button>
      {asking && <DeleteDialog workspace={workspace} onClose={() => setAsking(false)} />}
    </section>
  );
}

function DeleteDialog({ workspace, onClose }: { workspace: Workspace; onClose: () => void }) {
  const remove = useMutation(api.workspaces.remove);
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Explanation | null>(null);
  const { workspaceId, name } = workspace;

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (pending || typed.trim() !== name) return;
    setPending(true);
    setFailure(null);
    try {
      await remove({ workspaceId, name: typed });
      await navigate("/");
    } catch (error) {
      setPending(false);
      setFailure(explain(error, DELETING_FAILED));
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title="Delete this workspace?"
      closeButtonProps={{ "aria-label": "Close" }}
      size={460}
      centered
    >
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Text size="sm" mb="md">
          <strong dir="auto">{name}</strong> will be gone for everybody in it, with all documents and
          diagrams, those in the trash and their backups. Nobody can bring it back.
        </Text>
        <TextInput
          label="Type the name of the workspace"
          value={typed}
          maxLength={TITLE_MAX_CHARS}
          autoComplete="off"
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
        {failure !== null && <FailureNote explanation={failure} />}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button type="submit" color="red" loading={pending} disabled={typed.trim() !== name}>
            Delete for good
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
