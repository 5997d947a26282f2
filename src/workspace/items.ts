/** Documents and diagrams as the workspace lists them: one shape for both kinds. */
import type { FunctionReturnType } from "convex/server";
import type { api } from "../../convex/_generated/api";
import type { Role } from "../../protocol/roles";
import type { ResourceKind } from "../../protocol/rooms";

export interface Item {
  kind: ResourceKind;
  id: string;
  title: string;
  role: Role;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** It is in none of the person's workspaces: somebody shared it with them by name. */
  shared: boolean;
}

type DocumentSummary = FunctionReturnType<typeof api.documents.list>[number];
type DiagramSummary = FunctionReturnType<typeof api.diagrams.list>[number];

export function documentItem({ documentId, title, role, createdAt, shared }: DocumentSummary): Item {
  return { kind: "doc", id: documentId, title, role, createdAt, shared };
}

export function diagramItem({ diagramId, title, role, createdAt, shared }: DiagramSummary): Item {
  return { kind: "diagram", id: diagramId, title, role, createdAt, shared };
}

/** The address of a document's or diagram's page. */
export function pathOf(kind: ResourceKind, id: string): string {
  return kind === "doc" ? `/d/${id}` : `/g/${id}`;
}

export const KIND_NAMES: Record<ResourceKind, string> = { doc: "Document", diagram: "Diagram" };

export interface ItemGroups {
  documents: Item[];
  diagrams: Item[];
  shared: Item[];
}

/** The three lists of the sidebar. What is shared by name stands in the third only. */
export function groupItems(items: Item[]): ItemGroups {
  return {
    documents: items.filter(({ kind, shared }) => kind === "doc" && !shared),
    diagrams: items.filter(({ kind, shared }) => kind === "diagram" && !shared),
    shared: items.filter(({ shared }) => shared).sort(newestFirst),
  };
}

export function newestFirst(a: Item, b: Item): number {
  return b.createdAt - a.createdAt;
}
