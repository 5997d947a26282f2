import { useMutation, useQuery_experimental as useQueryResult } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { api } from "../../convex/_generated/api";
import type { Role } from "../../protocol/roles";
import type { ResourceKind } from "../../protocol/rooms";

export type Member = FunctionReturnType<typeof api.documents.listMembers>[number];

/** The people who have a role on one document or diagram by name, live, and the two ways to change that. */
export function useMembers(kind: ResourceKind, resourceId: string) {
  const ofDocument = useQueryResult({
    query: api.documents.listMembers,
    args: kind === "doc" ? { documentId: resourceId } : "skip",
  });
  const ofDiagram = useQueryResult({
    query: api.diagrams.listMembers,
    args: kind === "diagram" ? { diagramId: resourceId } : "skip",
  });
  const addToDocument = useMutation(api.documents.addMember);
  const addToDiagram = useMutation(api.diagrams.addMember);
  const removeFromDocument = useMutation(api.documents.removeMember);
  const removeFromDiagram = useMutation(api.diagrams.removeMember);

  return {
    members: kind === "doc" ? ofDocument : ofDiagram,
    /** Gives the person with this address a role, or changes the one that they have. */
    setRole: (email: string, role: Role) =>
      kind === "doc"
        ? addToDocument({ documentId: resourceId, email, role })
        : addToDiagram({ diagramId: resourceId, email, role }),
    remove: (userId: string) =>
      kind === "doc"
        ? removeFromDocument({ documentId: resourceId, userId })
        : removeFromDiagram({ diagramId: resourceId, userId }),
  };
}
