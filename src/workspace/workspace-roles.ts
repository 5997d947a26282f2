import { WORKSPACE_ROLES, type WorkspaceRole } from "../../protocol/roles";

/** What somebody is in a workspace, as people read it. */
export const WORKSPACE_ROLE_NAMES: Record<WorkspaceRole, string> = {
  admin: "Admin",
  member: "Member",
  guest: "Guest",
};

export const WORKSPACE_ROLE_MEANINGS: Record<WorkspaceRole, string> = {
  admin: "Members who also invite people and change their roles.",
  member: "See and edit what is shared with the workspace.",
  guest: "See only what is shared with them by name.",
};

/** The strongest first. */
export function workspaceRoleChoices(): { value: WorkspaceRole; label: string }[] {
  return [...WORKSPACE_ROLES].reverse().map((value) => ({ value, label: WORKSPACE_ROLE_NAMES[value] }));
}

/** The role that a select element holds; the browser hands it over as plain text. */
export function parseWorkspaceRole(value: string): WorkspaceRole {
  const role = WORKSPACE_ROLES.find((known) => known === value);
  if (role === undefined) throw new Error(`no role is called ${value}`);
  return role;
}
