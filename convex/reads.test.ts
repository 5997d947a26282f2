// @vitest-environment edge-runtime
/**
 * No query reads more than it shows: how many documents each of them reads in a workspace that has a thousand, most of
 * which are nobody's business but their owner's.
 */
import type { FunctionReference, FunctionReturnType } from "convex/server";
import { beforeAll, expect, it } from "vitest";
import { FOUND_MAX, LIST_PAGE_MAX } from "../protocol/limits";
import { api } from "./_generated/api";
import type { Id } from "./_generated/dataModel";
import type { MutationCtx } from "./_generated/server";
import {
  deployment,
  giveRole,
  makeResource,
  person,
  sharedWorkspace,
  type Deployment,
  type Person,
} from "./people.fixture";
import { addMemberRow } from "./placement";
import { fileTrashed } from "./trash_lists";
import { addToWorkspace } from "./workspaces";

/** Of each: given to the workspace, private of somebody else's, in a document, in the trash, people. */
const MANY = 220;

const PAGE = 20;
const firstPage = { paginationOpts: { numItems: PAGE, cursor: null } };

interface Scene {
  t: Deployment;
  ann: Person;
  workspaceId: Id<"workspaces">;
  documentId: Id<"resources">;
}

let scene: Scene;

beforeAll(async () => {
  const t = deployment();
  const ann = await person(t, "Ann");
  const bob = await person(t, "Bob");
  const workspaceId = await sharedWorkspace(t, ann, bob);
  const documentId = await makeResource(t, workspaceId, { title: "Plan", workspaceRole: "editor" });
  await t.run(async (ctx) => {
    for (let i = 0; i < MANY; i++) await fill(ctx, { i, workspaceId, documentId, owner: bob.userId });
  });
  await giveRole(t, await makeResource(t, workspaceId, { title: "Plan of mine" }), ann, "owner");
  scene = { t, ann, workspaceId, documentId };
}, 120_000);

interface Filling {
  i: number;
  workspaceId: Id<"workspaces">;
  documentId: Id<"resources">;
  owner: Id<"users">;
}

async function fill(ctx: MutationCtx, { i, workspaceId, documentId, owner }: Filling): Promise<void> {
  const rank = `a${String(i).padStart(4, "0")}1`;
  const own = { kind: "doc", icon: null, workspaceId, rank, trashedAt: null } as const;
  const common = { ...own, parentId: null, shelf: "workspace", workspaceRole: "editor" } as const;
  const secret = { ...own, parentId: null, shelf: "private", workspaceRole: null } as const;
  await ctx.db.insert("resources", { ...common, title: `Plan ${i}` });
  await ctx.db.insert("resources", {
    ...own,
    title: `Part ${i}`,
    parentId: documentId,
    shelf: "nested",
    workspaceRole: null,
  });
  for (const trashedAt of [null, 20_000 + i]) {
    const id = await ctx.db.insert("resources", { ...secret, title: `Plan of Bob's ${i}`, trashedAt });
    const resource = await ctx.db.get(id);
    if (resource === null) throw new Error("just inserted");
    await addMemberRow(ctx, resource, owner, "owner", false);
    await fileTrashed(ctx, id);
  }
  await fileTrashed(ctx, await ctx.db.insert("resources", { ...common, title: "Old", trashedAt: 9_000 + i }));
  const userId = await ctx.db.insert("users", { name: `Person ${i}`, email: `p${i}@example.com` });
  const user = await ctx.db.get(userId);
  if (user !== null) await addToWorkspace(ctx, workspaceId, user, "member");
}

/** What a query answers Ann, and how many documents it reads for that. */
function ask<Query extends FunctionReference<"query">>(
  query: Query,
  args: Query["_args"],
): Promise<{ answer: FunctionReturnType<Query>; reads: number }> {
  return scene.t.withIdentity({ subject: `${scene.ann.userId}|session` }).query(async (ctx) => {
    const answer: FunctionReturnType<Query> = await ctx.runQuery(query, args);
    const { documentsRead } = await ctx.meta.getTransactionMetrics();
    return { answer, reads: documentsRead.used };
  });
}

/** Who asks, their place in the workspace, the workspace, and what a way to the top takes. */
const AROUND = 8;

it.each<[name: string, perRow: number, look: () => Promise<{ answer: { page: unknown[] }; reads: number }>]>([
  ["tree.workspace", 2, () => ask(api.tree.workspace, { workspaceId: scene.workspaceId, ...firstPage })],
  ["tree.inside", 2, () => ask(api.tree.inside, { documentId: scene.documentId, ...firstPage })],
  [
    "workspaces.members",
    2,
    () => ask(api.workspaces.members, { workspaceId: scene.workspaceId, ...firstPage }),
  ],
  [
    "trash.list",
    2,
    () => ask(api.trash.list, { workspaceId: scene.workspaceId, whose: "workspace", ...firstPage }),
  ],
])("%s reads %i documents for each row that it shows", async (_name, perRow, look) => {
  const { answer, reads } = await look();
  expect(answer.page).toHaveLength(PAGE);
  expect(reads).toBeLessThanOrEqual(PAGE * perRow + AROUND);
});

it("one's own lists read nothing of the hundreds that others have", async () => {
  const { workspaceId } = scene;
  const mine = await ask(api.tree.mine, { workspaceId, ...firstPage });
  expect(mine.answer.page).toHaveLength(1);
  expect(mine.reads).toBeLessThanOrEqual(AROUND);
  const trash = await ask(api.trash.list, { workspaceId, whose: "own", ...firstPage });
  expect(trash.answer.page).toEqual([]);
  expect(trash.reads).toBeLessThanOrEqual(AROUND);
  const shared = await ask(api.tree.shared, {});
  expect(shared.answer).toEqual([]);
  expect(shared.reads).toBeLessThanOrEqual(AROUND);
});

it("finding reads what it finds, not what others keep under the same words", async () => {
  const { answer, reads } = await ask(api.shortcuts.find, { text: "plan" });
  expect(answer).toHaveLength(FOUND_MAX);
  expect(answer[0]?.title).toBe("Plan of mine");
  expect(reads).toBeLessThanOrEqual(FOUND_MAX + AROUND);
  const people = await ask(api.workspaces.findMembers, { workspaceId: scene.workspaceId, text: "Person" });
  expect(people.answer).toHaveLength(10);
  expect(people.reads).toBeLessThanOrEqual(10 * 2 + AROUND);
});

it("one document is found with what lies on its way, whatever lies beside it", async () => {
  const { documentId } = scene;
  for (const { reads } of [
    await ask(api.documents.get, { documentId }),
    await ask(api.tree.path, { kind: "doc", resourceId: documentId }),
    await ask(api.sharing.get, { kind: "doc", resourceId: documentId }),
  ]) {
    expect(reads).toBeLessThanOrEqual(AROUND);
  }
});

it("who has access is told of so many as were asked for", async () => {
  const { t, workspaceId } = scene;
  const resourceId = await makeResource(t, workspaceId, { workspaceRole: "viewer" });
  await t.run(async (ctx) => {
    const resource = await ctx.db.get(resourceId);
    const people = await ctx.db.query("users").take(150);
    if (resource === null) throw new Error("just made");
    for (const { _id } of people) await addMemberRow(ctx, resource, _id, "viewer", true);
  });
  const few = await ask(api.sharing.get, { kind: "doc", resourceId });
  expect([few.answer.people.length, few.answer.morePeople]).toEqual([30, true]);
  expect(few.reads).toBeLessThanOrEqual(30 * 2 + AROUND);
  const all = await ask(api.sharing.get, { kind: "doc", resourceId, people: 1_000 });
  expect([all.answer.people.length, all.answer.morePeople]).toEqual([150, false]);
});

it("no page is longer than the server says, whatever is asked for", { timeout: 60_000 }, async () => {
  const asked = { paginationOpts: { numItems: 100_000, cursor: null } };
  const { answer } = await ask(api.tree.workspace, { workspaceId: scene.workspaceId, ...asked });
  expect(answer.page).toHaveLength(LIST_PAGE_MAX);
  expect(answer.isDone).toBe(false);
});
