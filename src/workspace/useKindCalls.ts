import { useMutation } from "convex/react";
import { api } from "../../convex/_generated/api";
import type { Role } from "../../protocol/roles";
import type { ItemRef } from "./items";

/** What documents and diagrams have functions of their own for in the backend: the item's kind chooses. */
export function useKindCalls() {
  const renameDocument = useMutation(api.documents.rename);
  const renameDiagram = useMutation(api.diagrams.rename);
  const addToDocument = useMutation(api.documents.addMember);
  const addToDiagram = useMutation(api.diagrams.addMember);
  const removeFromDocument = useMutation(api.documents.removeMember);
  const removeFromDiagram = useMutation(api.diagrams.removeMember);

  return {
    rename: ({ kind, resourceId }: ItemRef, title: string) =>
      kind === "doc"
        ? renameDocument({ documentId: resourceId, title })
        : renameDiagram({ diagramId: resourceId, title }),
    /** Gives the person with this address a role, or changes the one that they have. */
    setRole: ({ kind, resourceId }: ItemRef, email: string, role: Role) =>
      kind === "doc"
        ? addToDocument({ documentId: resourceId, email, role })
        : addToDiagram({ diagramId: resourceId, email, role }),
    removeRole: ({ kind, resourceId }: ItemRef, userId: string) =>
      kind === "doc"
        ? removeFromDocument({ documentId: resourceId, userId })
        : removeFromDiagram({ diagramId: resourceId, userId }),
  };
}
