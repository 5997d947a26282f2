import { ROLES, type Role } from "../../protocol/roles";

/** The roles as people read them. A commenter only reads until comments exist, so nobody is offered that yet. */
export const ROLE_NAMES: Record<Role, string> = {
  viewer: "Can view",
  commenter: "Can comment",
  editor: "Can edit",
  owner: "Owner",
};

const OFFERED: readonly Role[] = ["editor", "viewer", "owner"];

/** What a role can be changed to; always with the one that somebody has. */
export function roleChoices(current?: Role): { value: Role; label: string }[] {
  const choices = current === undefined || OFFERED.includes(current) ? OFFERED : [...OFFERED, current];
  return choices.map((value) => ({ value, label: ROLE_NAMES[value] }));
}

/** The role that a select element holds; the browser hands it over as plain text. */
export function parseRole(value: string): Role {
  const role = ROLES.find((known) => known === value);
  if (role === undefined) throw new Error(`no role is called ${value}`);
  return role;
}
