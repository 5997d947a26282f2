import { useMutation } from "convex/react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "../../convex/_generated/api";
import type { ResourceKind } from "../../protocol/rooms";
import { useNotices } from "../app/useNotices";
import { pathOf } from "./items";
import { JUST_CREATED } from "./just-created";
import { useWorkspaces } from "./useWorkspace";

/**
 * Creates a document or diagram and opens it: in a document, or else in the workspace that the person is in. A guest
 * there has only their personal one to put something into. `creating` says which is on its way.
 */
export function useCreateItem() {
  const createDocument = useMutation(api.documents.create);
  const createDiagram = useMutation(api.diagrams.create);
  const { showFailure } = useNotices();
  const navigate = useNavigate();
  const workspaces = useWorkspaces();
  const [creating, setCreating] = useState<ResourceKind | null>(null);

  async function create(kind: ResourceKind, parentId?: string): Promise<void> {
    if (creating !== null) return;
    setCreating(kind);
    const current = workspaces?.current;
    const inWorkspace =
      current === undefined || current.role === "guest" ? {} : { workspaceId: current.workspaceId };
    const where = parentId === undefined ? inWorkspace : { parentId };
    try {
      const resourceId =
        kind === "doc"
          ? await createDocument({ title: "Untitled document", ...where })
          : await createDiagram({ title: "Untitled diagram", ...where });
      await navigate(pathOf({ kind, resourceId }), { state: JUST_CREATED });
    } catch (error) {
      showFailure(error, {
        limit: { what: "This is too deep in the tree.", next: "Make it in a document closer to the top." },
      });
    } finally {
      setCreating(null);
    }
  }

  return { create, creating };
}
