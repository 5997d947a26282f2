import { useMutation } from "convex/react";
import { api } from "../../convex/_generated/api";
import type { Item } from "./items";

/** Renames a document or diagram. The lists show the new title at once, and the old one again if it is refused. */
export function useRenameItem(): (item: Item, title: string) => Promise<null> {
  const renameDocument = useMutation(api.documents.rename).withOptimisticUpdate(
    (store, { documentId, title }) => {
      const documents = store.getQuery(api.documents.list, {});
      const renamed = documents?.map((it) => (it.documentId === documentId ? { ...it, title } : it));
      store.setQuery(api.documents.list, {}, renamed);
    },
  );
  const renameDiagram = useMutation(api.diagrams.rename).withOptimisticUpdate(
    (store, { diagramId, title }) => {
      const diagrams = store.getQuery(api.diagrams.list, {});
      const renamed = diagrams?.map((it) => (it.diagramId === diagramId ? { ...it, title } : it));
      store.setQuery(api.diagrams.list, {}, renamed);
    },
  );
  return ({ kind, id }, title) =>
    kind === "doc" ? renameDocument({ documentId: id, title }) : renameDiagram({ diagramId: id, title });
}
