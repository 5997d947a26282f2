import { Button, Modal, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { isAtLeast } from "../../protocol/roles";
import { ItemIcon } from "./ItemIcon";
import type { Item } from "./items";
import classes from "./MoveDialog.module.css";
import { useItemActions, type Destination } from "./useItemActions";
import { useFound } from "./useTree";
import { useWorkspaces } from "./useWorkspace";

const TYPING_PAUSE_MS = 120;

/** Moves something into a document that is found by its title, or to the top of its workspace. */
export function MoveDialog({ item, onClose }: { item: Item; onClose: () => void }) {
  const { move } = useItemActions();
  const workspaces = useWorkspaces();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), TYPING_PAUSE_MS);
  const found = useFound(asked);
  const workspace = workspaces?.all.find(({ workspaceId }) => workspaceId === item.workspaceId);
  const targets = found?.filter(
    ({ kind, resourceId, workspaceId, role }) =>
      kind === "doc" &&
      workspaceId === item.workspaceId &&
      resourceId !== item.resourceId &&
      isAtLeast(role, "editor"),
  );
  const go = (to: Destination) => {
    onClose();
    void move(item, to, null);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Move “${item.title}”`}
      closeButtonProps={{ "aria-label": "Close" }}
      size={440}
      centered
    >
      <TextInput
        label="Into the document"
        placeholder="Type a part of its title"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
      <ul className={classes.targets} aria-label="Documents found">
        {asked !== "" &&
          targets?.map((target) => (
            <li key={target.resourceId}>
              <UnstyledButton
                className={classes.target}
                onClick={() => go({ kind: "inside", documentId: target.resourceId })}
              >
                <ItemIcon item={target} />
                <span className={classes.title} dir="auto">
                  {target.title}
                </span>
              </UnstyledButton>
            </li>
          ))}
      </ul>
      {asked !== "" && targets?.length === 0 && (
        <Text size="sm" c="dimmed">
          No document of this workspace that you can edit has these words in its title.
        </Text>
      )}
      {workspace !== undefined && workspace.role !== "guest" && (
        <div className={classes.tops}>
          {!workspace.personal && (
            <Button variant="default" onClick={() => go({ kind: "top", shelf: "workspace" })}>
              To the top of {workspace.name}
            </Button>
          )}
          <Button variant="default" onClick={() => go({ kind: "top", shelf: "private" })}>
            {workspace.personal ? "To the top" : "To my private ones"}
          </Button>
        </div>
      )}
    </Modal>
  );
}
