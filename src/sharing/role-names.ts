import { ROLES, type OpenRole, type Role } from "../../protocol/roles";

/** The roles as people read them. A commenter only reads until comments exist, so nobody is offered that yet. */
export const ROLE_NAMES: Record<Role, string> = {
  viewer: "Can view",
  commenter: "Can comment",
  editor: "Can edit",
  owner: "Owner",
};

const OFFERED: readonly Role[] = ["editor", "viewer", "owner"];
const OFFERED_TO_MANY: readonly OpenRole[] = ["editor", "viewer"];

interface Choice {
  value: string;
  label: string;
}

/** What a person's role can be changed to; always with the one that they have. */
export function roleChoices(current?: Role): Choice[] {
  return choices(OFFERED, current);
}

/** What a workspace or a link can be given, or nothing. */
export function openRoleChoices(current: Role | null, nothing: string): Choice[] {
  return [{ value: "", label: nothing }, ...choices(OFFERED_TO_MANY, current ?? undefined)];
}

function choices(offered: readonly Role[], current: Role | undefined): Choice[] {
  const all = current === undefined || offered.includes(current) ? offered : [...offered, current];
  return all.map((value) => ({ value, label: ROLE_NAMES[value] }));
}

/** The role that a select element holds; the browser hands it over as plain text. */
export function parseRole(value: string): Role {
  const role = ROLES.find((known) => known === value);
  if (role === undefined) throw new Error(`no role is called ${value}`);
  return role;
}

/** As `parseRole`, where nobody can become an owner and nothing is a choice too. */
export function parseOpenRole(value: string): OpenRole | null {
  const role = value === "" ? null : parseRole(value);
  if (role === "owner") throw new Error("nobody becomes an owner this way");
  return role;
}
