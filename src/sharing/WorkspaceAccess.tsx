import { NativeSelect, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { reasonOf, type AccessPart } from "./access-part";
import { openRoleChoices, parseOpenRole, ROLE_NAMES } from "./role-names";
import classes from "./SharePanel.module.css";

/** What everybody in the workspace gets. A personal one has nobody else in it. */
export function WorkspaceAccess({ overview, sharing, owner, onChange }: AccessPart) {
  const { workspace, inheritedFromWorkspace } = overview;
  if (workspace.personal) return null;
  const inherited = inheritedFromWorkspace.map(({ role, from }) => `${ROLE_NAMES[role]} ${reasonOf(from)}`);
  return (
    <li className={classes.member}>
      <span className={classes.sign}>
        <IconUsers size={18} stroke={1.7} aria-hidden="true" />
      </span>
      <div className={classes.who}>
        <Text size="sm" fw={500}>
          Everybody in <span dir="auto">{workspace.name}</span>
        </Text>
        {inherited.length > 0 && (
          <Text size="xs" c="dimmed">
            {inherited.join(", ")}
          </Text>
        )}
      </div>
      {owner ? (
        <NativeSelect
          size="xs"
          aria-label={`Role of everybody in ${workspace.name}`}
          data={openRoleChoices(workspace.role, inherited.length > 0 ? "As above" : "No access")}
          value={workspace.role ?? ""}
          onChange={(event) => onChange(sharing.setWorkspaceRole(parseOpenRole(event.currentTarget.value)))}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {workspace.role === null ? (inherited.length > 0 ? "" : "No access") : ROLE_NAMES[workspace.role]}
        </Text>
      )}
    </li>
  );
}
