import { Menu } from "@mantine/core";
import { IconCheck, IconPlus, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useReplayedPress } from "../app/useReplayedPress";
import { NewWorkspaceDialog } from "./NewWorkspaceDialog";
import { useWorkspaces } from "./useWorkspace";
import { SwitchButton } from "./WorkspaceSwitch";

const ROLE_WORDS = { admin: null, member: null, guest: "guest" } as const;

/**
 * Goes from one workspace to another, makes a new one, and leads to the people in this one. Opens by itself: somebody
 * has asked for it.
 */
export default function WorkspaceMenu() {
  const workspaces = useWorkspaces();
  const navigate = useNavigate();
  const { target, menu } = useReplayedPress();
  const [creating, setCreating] = useState(false);
  if (workspaces === null) return null;
  const { all, current, choose } = workspaces;
  return (
    <>
      <Menu
        {...menu}
        position="bottom-end"
        width={260}
        shadow="md"
        withinPortal={false}
        withInitialFocusPlaceholder={false}
      >
        <Menu.Target>
          <SwitchButton ref={target} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Workspaces</Menu.Label>
          {all.map(({ workspaceId, name, role }) => (
            <Menu.Item
              key={workspaceId}
              aria-current={workspaceId === current.workspaceId || undefined}
              rightSection={
                workspaceId === current.workspaceId ? (
                  <IconCheck size={16} aria-hidden="true" />
                ) : (
                  ROLE_WORDS[role]
                )
              }
              onClick={() => {
                choose(workspaceId);
                void navigate("/");
              }}
            >
              <span dir="auto">{name}</span>
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            component={Link}
            to={`/w/${current.workspaceId}`}
            leftSection={<IconUsers size={16} aria-hidden="true" />}
          >
            Workspace and people
          </Menu.Item>
          <Menu.Item
            leftSection={<IconPlus size={16} aria-hidden="true" />}
            onClick={() => setCreating(true)}
          >
            New workspace…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <NewWorkspaceDialog
        opened={creating}
        onClose={() => setCreating(false)}
        onCreated={(workspaceId) => {
          choose(workspaceId);
          void navigate(`/w/${workspaceId}`);
        }}
      />
    </>
  );
}
