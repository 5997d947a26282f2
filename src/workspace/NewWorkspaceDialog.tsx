import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useMutation } from "convex/react";
import { useState, type SubmitEvent } from "react";
import { api } from "../../convex/_generated/api";
import { TITLE_MAX_CHARS } from "../../protocol/limits";
import { FailureNote } from "../app/FailureNote";
import { explain, type Explanation, type Explanations } from "../app/messages";
import { NeedsBackend } from "../offline/NeedsBackend";

const CREATING_FAILED: Partial<Explanations> = {
  forbidden: {
    what: "As a guest you can’t make a workspace.",
    next: "Create an account, so that you find it again.",
  },
  limit: { what: "You are in very many workspaces.", next: "Leave one, then make this one." },
};

interface NewWorkspaceDialogProps {
  opened: boolean;
  onClose: () => void;
  onCreated: (workspaceId: string) => void;
}

export function NewWorkspaceDialog({ opened, onClose, onCreated }: NewWorkspaceDialogProps) {
  const create = useMutation(api.workspaces.create);
  const [name, setName] = useState("");
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Explanation | null>(null);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (pending || name.trim() === "") return;
    setPending(true);
    setFailure(null);
    try {
      const workspaceId = await create({ name });
      setName("");
      onClose();
      onCreated(workspaceId);
    } catch (error) {
      setFailure(explain(error, CREATING_FAILED));
    } finally {
      setPending(false);
    }
  }

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="New workspace"
      closeButtonProps={{ "aria-label": "Close" }}
      size={420}
      centered
    >
      <NeedsBackend>
        <form noValidate onSubmit={(event) => void submit(event)}>
          <TextInput
            label="Name"
            description="A team, a project, a club: whoever is in it finds what the others make."
            value={name}
            maxLength={TITLE_MAX_CHARS}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          {failure !== null && <FailureNote explanation={failure} />}
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={pending} disabled={name.trim() === ""}>
              Create workspace
            </Button>
          </Group>
        </form>
      </NeedsBackend>
    </Modal>
  );
}
