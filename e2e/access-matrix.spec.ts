/** `docs/access.md`, cell by cell: each person of its rows at each door of its columns, all of them real. */
import { ConvexHttpClient } from "convex/browser";
import { ConvexError } from "convex/values";
import { readFileSync } from "node:fs";
import { api } from "../convex/_generated/api";
import type { Id } from "../convex/_generated/dataModel";
import { BACKUP_PATH } from "../protocol/backup";
import type { Role, WorkspaceRole } from "../protocol/roles";
import { roomIdFor } from "../protocol/rooms";
import { RoomClient } from "../scripts/smoke/room";
import type { Stack } from "../scripts/stack";
import { knock, mintToken } from "./door";
import { expect, test } from "./fixtures";
import { createPerson, type Person } from "./people";

const TABLE = readFileSync("docs/access.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const [[, ...DOOR_NAMES] = [], , ...ROWS] = TABLE;

type Who = Pick<Person, "userId" | "convex"> & { email: string | null };

interface Scene {
  stack: Stack;
  olga: Person;
  workspaceId: Id<"workspaces">;
  documentId: Id<"resources">;
  who: Who;
}

/** How each person came to be who they are. The document is Olga's. */
const PEOPLE: Record<string, (scene: Omit<Scene, "who">) => Promise<Who>> = {
  "owner by name": (scene) => byName(scene, "owner"),
  "editor by name": (scene) => byName(scene, "editor"),
  "commenter by name": (scene) => byName(scene, "commenter"),
  "viewer by name": (scene) => byName(scene, "viewer"),
  "workspace admin": (scene) => inWorkspace(scene, "admin"),
  "workspace member": (scene) => inWorkspace(scene, "member"),
  "workspace guest": (scene) => inWorkspace(scene, "guest"),
  "workspace admin, private document": (scene) => inWorkspace(scene, "admin"),
  "workspace member, private document": (scene) => inWorkspace(scene, "member"),
  "guest by a link that lets edit": (scene) => byLink(scene, "editor"),
  "guest by a link that lets view": (scene) => byLink(scene, "viewer"),
  "guest by a link that was revoked": async (scene) => {
    const who = await byLink(scene, "editor");
    await scene.olga.convex.mutation(api.links.revoke, { kind: "doc", resourceId: scene.documentId });
    return who;
  },
  "removed from the workspace, owned it": async (scene) => {
    const { olga, workspaceId, documentId } = scene;
    const who = await inWorkspace(scene, "member");
    await olga.convex.mutation(api.documents.addMember, {
      documentId,
      email: who.email ?? "",
      role: "owner",
    });
    await olga.convex.mutation(api.workspaces.removeMember, { workspaceId, userId: who.userId });
    return who;
  },
  outsider: ({ stack }) => createPerson(stack, "Oscar"),
  "nobody (not signed in)": ({ stack, olga }) =>
    Promise.resolve({
      userId: olga.userId.replaceAll(/[a-z]/g, "z"),
      email: null,
      convex: new ConvexHttpClient(stack.convexUrl, { logger: false }),
    }),
};

async function byName({ stack, olga, documentId }: Omit<Scene, "who">, role: Role): Promise<Who> {
  const person = await createPerson(stack, "Nora");
  await olga.convex.mutation(api.documents.addMember, { documentId, email: person.email, role });
  return person;
}

async function inWorkspace(scene: Omit<Scene, "who">, role: WorkspaceRole): Promise<Who> {
  const { stack, olga, workspaceId } = scene;
  const person = await createPerson(stack, "Wim");
  const invitation = { workspaceId, email: person.email, role, days: 1 };
  const token = await olga.convex.mutation(api.invitations.create, invitation);
  await person.convex.mutation(api.invitations.accept, { token });
  return person;
}

async function byLink(scene: Omit<Scene, "who">, role: "viewer" | "editor"): Promise<Who> {
  const { stack, olga, documentId } = scene;
  const link = { kind: "doc", resourceId: documentId, role, days: null } as const;
  const token = await olga.convex.mutation(api.links.set, link);
  const convex = new ConvexHttpClient(stack.convexUrl, { logger: false });
  const { tokens } = await convex.action(api.auth.signIn, { provider: "anonymous", params: { name: "Zoe" } });
  if (!tokens) throw new Error("no guest could sign in");
  convex.setAuth(tokens.token);
  await convex.mutation(api.links.open, { token });
  const me = await convex.query(api.users.me, {});
  if (me === null) throw new Error("signed in, but nobody is");
  return { userId: me.userId, email: null, convex };
}

/** Whether the call was let through; any failure but a refusal rises. */
async function passes(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof ConvexError) return false;
    throw error;
  }
}

const paginationOpts = { numItems: 100, cursor: null };

async function lists({ who: { convex }, documentId, workspaceId }: Scene): Promise<boolean> {
  const has = (items: { resourceId: string }[]) => items.some(({ resourceId }) => resourceId === documentId);
  const inList = async (call: Promise<{ resourceId: string }[]>) => {
    const items: { resourceId: string }[] = [];
    await passes(call.then((found) => items.push(...found)));
    return has(items);
  };
  const place = { workspaceId, paginationOpts };
  const all = await Promise.all([
    inList(convex.query(api.tree.workspace, place).then(({ page }) => page)),
    inList(convex.query(api.tree.mine, place).then(({ page }) => page)),
    inList(convex.query(api.tree.shared, {})),
  ]);
  return all.includes(true);
}

/** A token for the room: Convex's, or else a forged one with the right key. */
async function tokenFor({ stack, who, documentId }: Scene): Promise<string> {
  const ask = { resourceType: "doc", resourceId: documentId } as const;
  const issued: string[] = [];
  await passes(
    who.convex.action(api.collaboration.getCollaborationToken, ask).then(({ token }) => issued.push(token)),
  );
  return issued[0] ?? mintToken(stack, who.userId, roomIdFor("doc", documentId));
}

const enters = async (scene: Scene) =>
  (await knock(scene.stack, roomIdFor("doc", scene.documentId), await tokenFor(scene))) === 101;

async function writes(scene: Scene): Promise<boolean> {
  if (!(await enters(scene))) return false;
  const { stack, documentId } = scene;
  const client = new RoomClient(stack.partykitHost, roomIdFor("doc", documentId), await tokenFor(scene));
  try {
    await client.open();
    client.write("x");
    return (await client.verdict()) === "saved";
  } finally {
    await client.close();
  }
}

async function isSeen(scene: Scene): Promise<boolean> {
  if (!(await enters(scene))) return false;
  const { stack, olga, who, documentId } = scene;
  const roomId = roomIdFor("doc", documentId);
  const witness = new RoomClient(stack.partykitHost, roomId, await tokenFor({ ...scene, who: olga }));
  const client = new RoomClient(stack.partykitHost, roomId, await tokenFor(scene));
  try {
    await witness.open();
    witness.awareness.setLocalState({ user: {} });
    await client.open();
    client.awareness.setLocalState({ user: {} });
    const seen = () => JSON.stringify([...witness.awareness.getStates().values()]);
    await expect.poll(seen).toContain(who.userId);
    return true;
  } finally {
    await client.close();
    await witness.close();
  }
}

const DOORS: Record<string, (scene: Scene) => Promise<boolean>> = {
  list: lists,
  get: ({ who, documentId }) => passes(who.convex.query(api.documents.get, { documentId })),
  rename: ({ who, documentId }) =>
    passes(who.convex.mutation(api.documents.rename, { documentId, title: "Renamed" })),
  share: ({ who, olga, documentId }) =>
    passes(who.convex.mutation(api.documents.addMember, { documentId, email: olga.email, role: "owner" })),
  "make inside": ({ who, documentId }) =>
    passes(who.convex.mutation(api.documents.create, { title: "In it", parentId: documentId })),
  trash: async ({ who, olga, documentId }) => {
    const resource = { kind: "doc", resourceId: documentId } as const;
    const passed = await passes(who.convex.mutation(api.trash.put, resource));
    if (passed) await olga.convex.mutation(api.trash.restore, resource);
    return passed;
  },
  token: ({ who, documentId }) =>
    passes(
      who.convex.action(api.collaboration.getCollaborationToken, {
        resourceType: "doc",
        resourceId: documentId,
      }),
    ),
  enter: enters,
  write: writes,
  "seen by others": isSeen,
  backup: async (scene) => {
    const url = `${scene.stack.convexSiteUrl}${BACKUP_PATH}?room=${roomIdFor("doc", scene.documentId)}`;
    const headers = { authorization: `Bearer ${await tokenFor(scene)}` };
    return (await fetch(url, { headers })).status !== 401;
  },
  presence: ({ who, workspaceId }) =>
    passes(who.convex.action(api.collaboration.getPresenceToken, { workspaceId })),
};

test("the table names every person and door that is tried here, and no other", () => {
  expect(ROWS.map(([name]) => name)).toEqual(Object.keys(PEOPLE));
  expect(DOOR_NAMES).toEqual(Object.keys(DOORS));
  expect(ROWS.flatMap(([, ...cells]) => cells).every((cell) => cell === "✓" || cell === "–")).toBe(true);
});

for (const [name = "", ...cells] of ROWS) {
  test(`at every door: ${name}`, async ({ stack }) => {
    const olga = await createPerson(stack, "Olga");
    const workspaceId = await olga.convex.mutation(api.workspaces.create, { name: "Team" });
    const documentId = await olga.convex.mutation(api.documents.create, { title: "Plan", workspaceId });
    if (name.includes("private document")) {
      const resource = { kind: "doc", resourceId: documentId } as const;
      await olga.convex.mutation(api.sharing.setWorkspaceRole, { ...resource, role: null });
    }
    const scene = { stack, olga, workspaceId, documentId };
    const who = await PEOPLE[name]?.(scene);
    if (who === undefined) throw new Error(`nobody is called ${name}`);
    const found: string[] = [];
    for (const door of Object.values(DOORS)) found.push((await door({ ...scene, who })) ? "✓" : "–");
    const told = (marks: string[]) => DOOR_NAMES.map((door, i) => `${door} ${marks[i]}`);
    expect(told(found)).toEqual(told(cells));
  });
}
