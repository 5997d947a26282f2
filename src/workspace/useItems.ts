import { useQuery_experimental as useQueryResult } from "convex/react";
import { api } from "../../convex/_generated/api";
import { diagramItem, documentItem, newestFirst, type Item } from "./items";

export type Items =
  { status: "loading" } | { status: "failed"; error: Error } | { status: "ready"; items: Item[] };

/** Everything the person may open, newest first, live. */
export function useItems(): Items {
  const documents = useQueryResult({ query: api.documents.list, args: {} });
  const diagrams = useQueryResult({ query: api.diagrams.list, args: {} });
  if (documents.status === "error") return { status: "failed", error: documents.error };
  if (diagrams.status === "error") return { status: "failed", error: diagrams.error };
  if (documents.status === "pending" || diagrams.status === "pending") return { status: "loading" };
  const items = [...documents.data.map(documentItem), ...diagrams.data.map(diagramItem)];
  return { status: "ready", items: items.sort(newestFirst) };
}
