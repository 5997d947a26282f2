import { Modal, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconLock, IconUsers } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { isAtLeast } from "../../protocol/roles";
import { NeedsBackend } from "../offline/NeedsBackend";
import { ItemIcon } from "./ItemIcon";
import type { Item, ItemFacts } from "./items";
import classes from "./MoveDialog.module.css";
import { useItemActions, type Destination } from "./useItemActions";
import { useFound } from "./useTree";
import { useWorkspaces, type Workspace } from "./useWorkspace";

const TYPING_PAUSE_MS = 120;

interface Target {
  key: string;
  name: string;
  hint: string;
  icon: ReactNode;
  to: Destination;
}

/** Moves something to the top of a workspace, or into a document that is found by its title. */
export function MoveDialog({ item, onClose }: { item: ItemFacts; onClose: () => void }) {
  const { move } = useItemActions();
  const all = useWorkspaces()?.all ?? [];
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), TYPING_PAUSE_MS);
  const found = useFound(asked);
  const named = asked.toLocaleLowerCase();
  const tops = ownFirst(all, item)
    .flatMap(topsOf)
    .filter(({ name }) => name.toLocaleLowerCase().includes(named));
  const documents = (asked === "" ? [] : (found ?? []))
    .filter(({ kind, resourceId, role }) => {
      return kind === "doc" && resourceId !== item.resourceId && isAtLeast(role, "editor");
    })
    .map((document) => intoDocument(document, all));
  const targets = [...documents, ...tops];
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Move “${item.title}”`}
      closeButtonProps={{ "aria-label": "Close" }}
      size={460}
      centered
    >
      <NeedsBackend>
        <TextInput
          label="Where to"
          placeholder="A part of a document’s or a workspace’s name"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        <ul className={classes.targets} aria-label="Places">
          {targets.map(({ key, name, hint, icon, to }) => (
            <li key={key}>
              <UnstyledButton
                className={classes.target}
                onClick={() => {
                  onClose();
                  void move(item, to, null);
                }}
              >
                {icon}
                <span className={classes.title} dir="auto">
                  {name}
                </span>
                <span className={classes.hint}>{hint}</span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
        {asked !== "" && found !== null && targets.length === 0 && (
          <Text size="sm" c="dimmed" role="status">
            No workspace, and no document that you can edit, has this in its name.
          </Text>
        )}
      </NeedsBackend>
    </Modal>
  );
}

function ownFirst(workspaces: readonly Workspace[], { workspaceId }: ItemFacts): Workspace[] {
  const own = workspaces.filter((workspace) => workspace.workspaceId === workspaceId);
  return [...own, ...workspaces.filter((workspace) => workspace.workspaceId !== workspaceId)];
}

/** A shared workspace has two lists, a personal one the private list alone, a guest none. */
function topsOf({ workspaceId, name, personal, role }: Workspace): Target[] {
  if (role === "guest") return [];
  const top = (shelf: "workspace" | "private", hint: string, icon: ReactNode): Target => ({
    key: `${workspaceId} ${shelf}`,
    name,
    hint,
    icon,
    to: { kind: "top", workspaceId, shelf },
  });
  const own = top("private", "only you", <IconLock size={18} aria-hidden="true" />);
  return personal ? [own] : [top("workspace", "everybody", <IconUsers size={18} aria-hidden="true" />), own];
}

function intoDocument(document: Item, workspaces: readonly Workspace[]): Target {
  const { resourceId, title, workspaceId } = document;
  return {
    key: resourceId,
    name: title,
    hint: workspaces.find((workspace) => workspace.workspaceId === workspaceId)?.name ?? "",
    icon: <ItemIcon item={document} />,
    to: { kind: "inside", documentId: resourceId },
  };
}
