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
