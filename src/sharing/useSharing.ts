import { useMutation, useQuery_experimental as useQueryResult } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { useState } from "react";
import { api } from "../../convex/_generated/api";
import type { OpenRole, Role } from "../../protocol/roles";
import type { ResourceKind } from "../../protocol/rooms";
import { useKindCalls } from "../workspace/useKindCalls";

/** More than there can be. */
const EVERYBODY = 1_000;

export type Overview = FunctionReturnType<typeof api.sharing.get>;

/** Who has access to one document or diagram and why, live, and the ways to change that. */
export function useSharing(kind: ResourceKind, resourceId: string) {
  const [people, setPeople] = useState<{ people?: number }>({});
  const overview = useQueryResult({ query: api.sharing.get, args: { kind, resourceId, ...people } });
  const { setRole, removeRole } = useKindCalls();
  const setWorkspaceRole = useMutation(api.sharing.setWorkspaceRole);
  const setLink = useMutation(api.links.set);
  const revokeLink = useMutation(api.links.revoke);

  return {
    overview,
    /** At first only so many of those who have access by name are in it. */
    showEverybody: () => setPeople({ people: EVERYBODY }),
    /** Gives the person with this address a role, or changes the one that they have. */
    setRole: (email: string, role: Role) => setRole({ kind, resourceId }, email, role),
    remove: (userId: string) => removeRole({ kind, resourceId }, userId),
    setWorkspaceRole: (role: OpenRole | null) => setWorkspaceRole({ kind, resourceId, role }),
    /** Without `days` it keeps its end. */
    setLink: (role: OpenRole, days?: number | null) =>
      setLink({ kind, resourceId, role, ...(days === undefined ? {} : { days }) }),
    revokeLink: () => revokeLink({ kind, resourceId }),
  };
}

export type Sharing = ReturnType<typeof useSharing>;
