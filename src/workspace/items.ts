/** Documents and diagrams as the workspace lists them: one shape for both kinds. */
import type { FunctionReturnType } from "convex/server";
import type { api } from "../../convex/_generated/api";
import type { ResourceKind } from "../../protocol/rooms";

export type Item = FunctionReturnType<typeof api.tree.shared>[number];

/** What has to be known of a document or diagram to do something with it. */
export type ItemFacts = Pick<Item, "kind" | "resourceId" | "title" | "icon" | "role" | "workspaceId">;

/** What names one document or diagram to Convex. */
export interface ItemRef {
  kind: ResourceKind;
  resourceId: string;
}

/** The address of a document's or diagram's page. */
export function pathOf({ kind, resourceId }: ItemRef): string {
  return kind === "doc" ? `/d/${resourceId}` : `/g/${resourceId}`;
}

/** What a page's address shows, or `null`: the way back from `pathOf`. */
export function itemAt(pathname: string): ItemRef | null {
  const [, letter, resourceId, ...rest] = pathname.split("/");
  if (resourceId === undefined || resourceId === "" || rest.length > 0) return null;
  if (letter === "d") return { kind: "doc", resourceId };
  return letter === "g" ? { kind: "diagram", resourceId } : null;
}

export const KIND_NAMES: Record<ResourceKind, string> = { doc: "Document", diagram: "Diagram" };
