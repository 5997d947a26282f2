import { useMutation, useQuery_experimental as useQueryResult } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { api } from "../../convex/_generated/api";
import type { OpenRole, Role } from "../../protocol/roles";
import type { ResourceKind } from "../../protocol/rooms";

export type Overview = FunctionReturnType<typeof api.sharing.get>;

/** Who has access to one document or diagram and why, live, and the ways to change that. */
export function useSharing(kind: ResourceKind, resourceId: string) {
  const overview = useQueryResult({ query: api.sharing.get, args: { kind, resourceId } });
  const addToDocument = useMutation(api.documents.addMember);
  const addToDiagram = useMutation(api.diagrams.addMember);
  const removeFromDocument = useMutation(api.documents.removeMember);
  const removeFromDiagram = useMutation(api.diagrams.removeMember);
  const setWorkspaceRole = useMutation(api.sharing.setWorkspaceRole);
  const setLink = useMutation(api.links.set);
  const revokeLink = useMutation(api.links.revoke);

  return {
    overview,
    /** Gives the person with this address a role, or changes the one that they have. */
    setRole: (email: string, role: Role) =>
      kind === "doc"
        ? addToDocument({ documentId: resourceId, email, role })
        : addToDiagram({ diagramId: resourceId, email, role }),
    remove: (userId: string) =>
      kind === "doc"
        ? removeFromDocument({ documentId: resourceId, userId })
        : removeFromDiagram({ diagramId: resourceId, userId }),
    setWorkspaceRole: (role: OpenRole | null) => setWorkspaceRole({ kind, resourceId, role }),
    setLink: (role: OpenRole, days: number | null) => setLink({ kind, resourceId, role, days }),
    revokeLink: () => revokeLink({ kind, resourceId }),
  };
}

export type Sharing = ReturnType<typeof useSharing>;
