/**
 * What somebody may see, for the lists. The rows are found through the indexes by the two ways in which access
 * comes (by workspace and by name), and each is then judged by the rule of `access.ts`.
 */
import type { Role } from "../protocol/roles";
import type { Doc, Id } from "./_generated/dataModel";
import type { QueryCtx } from "./_generated/server";
import { requireUser, requireWorkspace, roleFrom } from "./access";
import { workspaceIdsOf } from "./workspaces";

export interface Visible<Resource> {
  resource: Resource;
  role: Role;
  /** It is in none of the viewer's workspaces. */
  shared: boolean;
}

/** Where to look: all workspaces of the viewer and everything shared by name, or one workspace only. */
export interface Scope {
  userId: Id<"users">;
  workspaceIds: ReadonlySet<Id<"workspaces">>;
  only: Id<"workspaces"> | null;
}

/** The caller's scope, narrowed to a workspace that the caller is in. Throws as `requireWorkspace` does. */
export async function callerScope(ctx: QueryCtx, workspaceId: string | undefined): Promise<Scope> {
  if (workspaceId === undefined) {
    const user = await requireUser(ctx);
    return { userId: user._id, workspaceIds: await workspaceIdsOf(ctx, user._id), only: null };
  }
  const { user, workspace } = await requireWorkspace(ctx, workspaceId);
  return { userId: user._id, workspaceIds: new Set([workspace._id]), only: workspace._id };
}

/** Newest first. */
export async function visibleDocuments(ctx: QueryCtx, scope: Scope): Promise<Visible<Doc<"documents">>[]> {
  const memberships = await ctx.db
    .query("documentMembers")
    .withIndex("by_user_and_document", (q) => q.eq("userId", scope.userId))
    .collect();
  const named = new Map(memberships.map(({ documentId, role }) => [documentId, role]));
  const byName = await Promise.all([...named.keys()].map((documentId) => ctx.db.get(documentId)));
  const byWorkspace = await forEachWorkspace(scope, (workspaceId) =>
    ctx.db
      .query("documents")
      .withIndex("by_workspace_and_role", (q) => q.eq("workspaceId", workspaceId).gt("workspaceRole", null))
      .collect(),
  );
  return judge(scope, [...byName, ...byWorkspace], named);
}

/** Newest first. Includes the diagrams in visible documents. */
export async function visibleDiagrams(ctx: QueryCtx, scope: Scope): Promise<Visible<Doc<"diagrams">>[]> {
  const memberships = await ctx.db
    .query("diagramMembers")
    .withIndex("by_user_and_diagram", (q) => q.eq("userId", scope.userId))
    .collect();
  const named = new Map(memberships.map(({ diagramId, role }) => [diagramId, role]));
  const byName = await Promise.all([...named.keys()].map((diagramId) => ctx.db.get(diagramId)));
  const byWorkspace = await forEachWorkspace(scope, (workspaceId) =>
    ctx.db
      .query("diagrams")
      .withIndex("by_workspace_and_role", (q) => q.eq("workspaceId", workspaceId).gt("workspaceRole", null))
      .collect(),
  );
  const standalone = judge(scope, [...byName, ...byWorkspace], named);
  return newestFirst([...standalone, ...(await diagramsInDocuments(ctx, scope))]);
}

/** One range for each workspace, because a workspace has many documents and most have no diagram. */
async function diagramsInDocuments(ctx: QueryCtx, scope: Scope): Promise<Visible<Doc<"diagrams">>[]> {
  const documents = new Map(
    (await visibleDocuments(ctx, scope)).map((visible) => [visible.resource._id, visible]),
  );
  const inWorkspaces = await forEachWorkspace(scope, (workspaceId) =>
    ctx.db
      .query("diagrams")
      .withIndex("by_workspace_and_document", (q) => q.eq("workspaceId", workspaceId).gt("documentId", null))
      .collect(),
  );
  const inSharedDocuments = await Promise.all(
    [...documents.values()]
      .filter(({ shared }) => shared)
      .map(({ resource: { _id, workspaceId } }) =>
        ctx.db
          .query("diagrams")
          .withIndex("by_workspace_and_document", (q) =>
            q.eq("workspaceId", workspaceId).eq("documentId", _id),
          )
          .collect(),
      ),
  );
  return [...inWorkspaces, ...inSharedDocuments.flat()].flatMap((diagram) => {
    const parent = diagram.documentId === null ? undefined : documents.get(diagram.documentId);
    return parent === undefined ? [] : [{ resource: diagram, role: parent.role, shared: parent.shared }];
  });
}

async function forEachWorkspace<Row>(
  scope: Scope,
  read: (workspaceId: Id<"workspaces">) => Promise<Row[]>,
): Promise<Row[]> {
  const workspaceIds = scope.only === null ? [...scope.workspaceIds] : [scope.only];
  return (await Promise.all(workspaceIds.map(read))).flat();
}

interface Shareable {
  _creationTime: number;
  workspaceId: Id<"workspaces">;
  workspaceRole: Role | null;
}

/** Keeps what the rule grants, once each, within the scope. */
function judge<Key, Resource extends Shareable & { _id: Key }>(
  scope: Scope,
  candidates: (Resource | null)[],
  named: ReadonlyMap<Key, Role>,
): Visible<Resource>[] {
  const visible = new Map<Key, Visible<Resource>>();
  for (const resource of candidates) {
    if (resource === null) continue;
    if (scope.only !== null && resource.workspaceId !== scope.only) continue;
    const inWorkspace = scope.workspaceIds.has(resource.workspaceId);
    const role = roleFrom({
      named: named.get(resource._id) ?? null,
      inWorkspace,
      workspaceRole: resource.workspaceRole,
    });
    if (role !== null) visible.set(resource._id, { resource, role, shared: !inWorkspace });
  }
  return newestFirst([...visible.values()]);
}

function newestFirst<Resource extends { _creationTime: number }>(
  visible: Visible<Resource>[],
): Visible<Resource>[] {
  return visible.sort((a, b) => b.resource._creationTime - a.resource._creationTime);
}
