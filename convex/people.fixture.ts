/// <reference types="vite/client" />
/** What the tests of this folder share: a deployment in memory, and people in it. */
import { convexTest, type TestConvex } from "convex-test";
import { ConvexError } from "convex/values";
import { ErrorData, type ErrorCode } from "../protocol/errors";
import type { Role } from "../protocol/roles";
import type { Doc, Id, TableNames } from "./_generated/dataModel";
import type { MutationCtx } from "./_generated/server";
import { addMemberRow, placeFor, rankAtTop } from "./placement";
import schema from "./schema";
import { addToWorkspace, createPersonalWorkspace } from "./workspaces";

export type Deployment = TestConvex<typeof schema>;
/** A client of the deployment, signed in or not. */
export type Client = Pick<Deployment, "query" | "mutation" | "action">;

export interface Person {
  userId: Id<"users">;
  email: string;
  client: Client;
}

export function deployment(): Deployment {
  return convexTest({ schema, modules: import.meta.glob("./**/*.*s") });
}

/** Somebody with an account and a personal workspace, signed in. `auth.test.ts` goes the whole way instead. */
export async function person(t: Deployment, name: string): Promise<Person> {
  const email = `${name.toLowerCase()}@example.com`;
  const userId = await t.run(async (ctx) => {
    const created = await ctx.db.insert("users", { name, email });
    const user = await ctx.db.get(created);
    if (user === null) throw new Error("just inserted");
    await createPersonalWorkspace(ctx, user);
    return created;
  });
  return { userId, email, client: t.withIdentity({ subject: `${userId}|session` }) };
}

/** A workspace that several people are in. */
export function sharedWorkspace(t: Deployment, ...members: Person[]): Promise<Id<"workspaces">> {
  return t.run(async (ctx) => {
    const workspaceId = await ctx.db.insert("workspaces", { name: "Team", personalOf: null });
    for (const { userId } of members) await addMember(ctx, workspaceId, userId, "member");
    return workspaceId;
  });
}

export function personalWorkspaceOf(t: Deployment, { userId }: Person): Promise<Id<"workspaces">> {
  return t.run(async (ctx) => {
    const workspace = await ctx.db
      .query("workspaces")
      .withIndex("by_personalOf", (q) => q.eq("personalOf", userId))
      .unique();
    if (workspace === null) throw new Error("a person without a personal workspace");
    return workspace._id;
  });
}

/** Something that exists, past all doors: by default a private document at the top of its workspace. */
export function makeResource(
  t: Deployment,
  workspaceId: Id<"workspaces">,
  {
    kind = "doc",
    title = "Made",
    parentId = null,
    workspaceRole = null,
    trashedAt = null,
  }: Partial<Doc<"resources">> = {},
): Promise<Id<"resources">> {
  return t.run(async (ctx) => {
    const place = placeFor(workspaceId, parentId, workspaceRole);
    const rank = await rankAtTop(ctx, place);
    return ctx.db.insert("resources", { kind, title, icon: null, workspaceRole, trashedAt, rank, ...place });
  });
}

/** Gives a role by name, past all doors. */
export async function giveRole(
  t: Deployment,
  resourceId: Id<"resources">,
  { userId }: Person,
  role: Role,
): Promise<void> {
  await t.run(async (ctx) => {
    const resource = await ctx.db.get(resourceId);
    if (resource === null) throw new Error("nothing has this id");
    await addMemberRow(ctx, resource, userId, role, true);
  });
}

export async function joinWorkspace(
  t: Deployment,
  workspaceId: Id<"workspaces">,
  { userId }: Person,
  role: Doc<"workspaceMembers">["role"],
): Promise<void> {
  await t.run((ctx) => addMember(ctx, workspaceId, userId, role));
}

async function addMember(
  ctx: MutationCtx,
  workspaceId: Id<"workspaces">,
  userId: Id<"users">,
  role: Doc<"workspaceMembers">["role"],
): Promise<void> {
  const user = await ctx.db.get(userId);
  if (user === null) throw new Error("nobody has this id");
  await addToWorkspace(ctx, workspaceId, user, role);
}

/** Every row of every table but these, and how many files there are: whatever is removed leaves nothing in them. */
export function everythingBut(t: Deployment, ...others: TableNames[]) {
  return t.run(async (ctx) => {
    const tables = (Object.keys(schema.tables) as TableNames[]).filter((table) => !others.includes(table));
    const rows = await Promise.all(tables.map((table) => ctx.db.query(table).collect()));
    return { rows: rows.flat(), files: (await ctx.db.system.query("_storage").collect()).length };
  });
}

/** The first page of a list, which is all of it here. */
export const FIRST_PAGE = { paginationOpts: { numItems: 100, cursor: null } };

/** How a call ended: `ok`, or the code with which it was refused. Any other failure rises. */
export async function outcome(call: Promise<unknown>): Promise<"ok" | ErrorCode> {
  try {
    await call;
    return "ok";
  } catch (error) {
    if (error instanceof ConvexError) return ErrorData.parse(error.data).code;
    throw error;
  }
}
