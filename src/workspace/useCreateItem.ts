import { useMutation } from "convex/react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "../../convex/_generated/api";
import type { ResourceKind } from "../../protocol/rooms";
import { useShowFailure } from "../app/useShowFailure";
import { pathOf } from "./items";
import { JUST_CREATED } from "./just-created";

/** Creates a document or diagram in the personal workspace and opens it. `creating` says which is on its way. */
export function useCreateItem() {
  const createDocument = useMutation(api.documents.create);
  const createDiagram = useMutation(api.diagrams.create);
  const showFailure = useShowFailure();
  const navigate = useNavigate();
  const [creating, setCreating] = useState<ResourceKind | null>(null);

  async function create(kind: ResourceKind): Promise<void> {
    if (creating !== null) return;
    setCreating(kind);
    try {
      const id =
        kind === "doc"
          ? await createDocument({ title: "Untitled document" })
          : await createDiagram({ title: "Untitled diagram" });
      await navigate(pathOf(kind, id), { state: JUST_CREATED });
    } catch (error) {
      showFailure(error);
    } finally {
      setCreating(null);
    }
  }

  return { create, creating };
}
