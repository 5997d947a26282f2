/** What a person may do with one resource, weakest first. Each role may do all that the ones before it may. */
export const ROLES = ["viewer", "commenter", "editor", "owner"] as const;

export type Role = (typeof ROLES)[number];

export function isAtLeast(role: Role, minimum: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(minimum);
}

/** Who may change the live content. A commenter reads, until comments exist. */
export function canWrite(role: Role): boolean {
  return isAtLeast(role, "editor");
}

/** What somebody is in a workspace. A guest sees only what was shared with them by name. */
export const WORKSPACE_ROLES = ["guest", "member", "admin"] as const;

export type WorkspaceRole = (typeof WORKSPACE_ROLES)[number];

/** What a workspace or a link can be given. Nobody becomes an owner by being around, or by having a link. */
export type OpenRole = Exclude<Role, "owner">;
