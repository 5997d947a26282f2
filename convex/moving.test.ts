// @vitest-environment edge-runtime
import { describe, expect, it } from "vitest";
import { MOVED_TO_WORKSPACE_MAX, TREE_MAX_DEPTH } from "../protocol/limits";
import { api } from "./_generated/api";
import type { Id } from "./_generated/dataModel";
import {
  deployment,
  FIRST_PAGE,
  giveRole,
  makeResource,
  outcome,
  person,
  personalWorkspaceOf,
  sharedWorkspace,
  type Person,
} from "./people.fixture";

type Resource = Id<"resources">;

const atTop = (shelf: "workspace" | "private", workspaceId?: string) => ({
  kind: "top" as const,
  shelf,
  ...(workspaceId === undefined ? {} : { workspaceId }),
});
const inside = (documentId: string, role?: "editor") => ({
  kind: "inside" as const,
  documentId,
  ...(role === undefined ? {} : { role }),
});

async function arrange() {
  const t = deployment();
  const ann = await person(t, "Ann");
  const bob = await person(t, "Bob");
  const workspaceId = await sharedWorkspace(t, ann, bob);
  const make = (title: string) => ann.client.mutation(api.documents.create, { title, workspaceId });
  const [c, b, a] = [await make("c"), await make("b"), await make("a")];
  const move = (
    resourceId: Resource,
    to: ReturnType<typeof atTop> | ReturnType<typeof inside>,
    beforeId: Resource | null = null,
    { client }: Person = ann,
  ) => client.mutation(api.moving.move, { kind: "doc", resourceId, to, beforeId });
  const titles = (page: { title: string }[]) => page.map(({ title }) => title).join("");
  const list = async ({ client }: Person = ann) =>
    titles((await client.query(api.tree.workspace, { workspaceId, ...FIRST_PAGE })).page);
  const mine = async ({ client }: Person = ann) =>
    titles((await client.query(api.tree.mine, { workspaceId, ...FIRST_PAGE })).page);
  const within = async (documentId: Resource, { client }: Person = ann) =>
    titles((await client.query(api.tree.inside, { documentId, ...FIRST_PAGE })).page);
  return { t, ann, bob, workspaceId, a, b, c, move, list, mine, within };
}

describe("moving", () => {
  it("puts something before another or behind all", async () => {
    const { a, b, c, move, list } = await arrange();
    expect(await list()).toBe("abc");
    await move(c, atTop("workspace"), a);
    expect(await list()).toBe("cab");
    await move(c, atTop("workspace"));
    expect(await list()).toBe("abc");
    await move(b, atTop("workspace"), c);
    await move(b, atTop("workspace"), b);
    expect(await list()).toBe("abc");
  });

  it("takes what lies in it along", async () => {
    const { ann, a, b, c, move, list, within } = await arrange();
    const inner = await ann.client.mutation(api.diagrams.create, { title: "x", parentId: c });
    await move(c, inside(b));
    await move(b, inside(a));
    expect([await list(), await within(a), await within(b), await within(c)]).toEqual(["a", "b", "c", "x"]);
    const path = await ann.client.query(api.tree.path, { kind: "diagram", resourceId: inner });
    expect(path.map(({ title }) => title).join("")).toBe("abcx");
    await move(b, atTop("workspace"), a);
    expect([await list(), await within(b)]).toEqual(["ba", "c"]);
  });

  it("makes no circles", async () => {
    const { a, b, c, move, list } = await arrange();
    await move(b, inside(a));
    await move(c, inside(b));
    expect(await outcome(move(a, inside(c)))).toBe("invalid");
    expect(await outcome(move(a, inside(a)))).toBe("invalid");
    expect(await list()).toBe("a");
  });

  it("does not put a tree where it would be too deep", async () => {
    const { t, workspaceId, a, b, c, move } = await arrange();
    await move(b, inside(a));
    await move(c, inside(b));
    let deep = await makeResource(t, workspaceId, { workspaceRole: "editor" });
    for (let depth = 2; depth <= TREE_MAX_DEPTH - 2; depth++) {
      deep = await makeResource(t, workspaceId, { parentId: deep });
    }
    expect(await outcome(move(a, inside(deep)))).toBe("limit");
    expect(await outcome(move(b, inside(deep)))).toBe("ok");
  });

  it("elsewhere is for owners, among neighbours for editors", async () => {
    const { bob, a, b, c, move, list } = await arrange();
    expect(await outcome(move(c, atTop("workspace"), a, bob))).toBe("ok");
    expect(await outcome(move(c, inside(a), null, bob))).toBe("forbidden");
    expect(await outcome(move(c, atTop("private"), null, bob))).toBe("forbidden");
    expect(await list(bob)).toBe("cab");
    expect(await outcome(move(b, inside(a)))).toBe("ok");
  });

  it("into a document needs the role editor there", async () => {
    const { t, ann, workspaceId, a, move } = await arrange();
    const closed = await makeResource(t, workspaceId);
    expect(await outcome(move(a, inside(closed)))).toBe("forbidden");
    await giveRole(t, closed, ann, "viewer");
    expect(await outcome(move(a, inside(closed)))).toBe("forbidden");
    const diagram = await ann.client.mutation(api.diagrams.create, { title: "Map", workspaceId });
    expect(await outcome(move(a, inside(diagram)))).toBe("forbidden");
  });

  it("between the two lists of a workspace gives it to the workspace, or takes it away", async () => {
    const { ann, bob, a, b, move, list, mine } = await arrange();
    await move(b, atTop("private"));
    expect([await list(), await mine(), await list(bob), await mine(bob)]).toEqual(["ac", "b", "ac", ""]);
    await move(b, atTop("workspace"), a);
    expect([await list(), await mine(), await list(bob)]).toEqual(["bac", "", "bac"]);
    const own = await ann.client.mutation(api.documents.create, { title: "Mine" });
    expect(await outcome(move(own, atTop("workspace")))).toBe("invalid");
  });

  it("out of a document leaves it with an owner", async () => {
    const { ann, a, move, mine } = await arrange();
    const part = await ann.client.mutation(api.documents.create, { title: "p", parentId: a });
    await move(part, atTop("private"));
    expect(await mine()).toBe("p");
    const { people } = await ann.client.query(api.sharing.get, { kind: "doc", resourceId: part });
    expect(people.map(({ person: { name }, role }) => [name, role])).toEqual([["Ann", "owner"]]);
  });

  it("is taken back with what it returned: the list, the neighbour, and what the workspace was given", async () => {
    const { ann, a, b, move, list, mine, within } = await arrange();
    const call = ann.client.mutation.bind(ann.client);
    await call(api.sharing.setWorkspaceRole, { kind: "doc", resourceId: b, role: "viewer" });
    for (const to of [atTop("private"), inside(a)]) {
      const before = await move(b, to);
      expect(await list()).toBe("ac");
      await call(api.moving.move, { kind: "doc", resourceId: b, ...before });
      expect([await list(), await mine(), await within(a)]).toEqual(["abc", "", ""]);
      const { workspace } = await ann.client.query(api.sharing.get, { kind: "doc", resourceId: b });
      expect(workspace.role).toBe("viewer");
    }
  });

  it("into a private document leaves nobody in whom that one does not let in, and back out is as before", async () => {
    const { ann, bob, a, b, move, list, within } = await arrange();
    const call = ann.client.mutation.bind(ann.client);
    const give = (resourceId: Resource, role: "viewer" | "editor" | null) =>
      call(api.sharing.setWorkspaceRole, { kind: "doc", resourceId, role });
    const undo = (resourceId: Resource, before: Awaited<ReturnType<typeof move>>) =>
      call(api.moving.move, { kind: "doc", resourceId, ...before });
    const given = async (resourceId: Resource) =>
      (await ann.client.query(api.sharing.get, { kind: "doc", resourceId })).workspace.role;
    const see = (documentId: Resource) => outcome(bob.client.query(api.documents.get, { documentId }));
    await give(a, null);

    const before = await move(b, inside(a));
    expect([await see(b), await given(b)]).toEqual(["forbidden", null]);
    await undo(b, before);
    expect([await see(b), await given(b), await list(bob)]).toEqual(["ok", "editor", "bc"]);

    const part = await call(api.documents.create, { title: "p", parentId: a });
    const hidden = await move(part, atTop("workspace"));
    expect([await see(part), await list(bob)]).toEqual(["ok", "bcp"]);
    await undo(part, hidden);
    expect([await see(part), await given(part), await within(a)]).toEqual(["forbidden", null, "p"]);

    await give(part, "viewer");
    for (const to of [atTop("private"), inside(b), atTop("workspace")]) {
      await undo(part, await move(part, to));
      expect([await see(part), await given(part), await within(a)]).toEqual(["ok", "viewer", "p"]);
    }
  });

  it("into a document of a personal workspace gives nothing to a workspace", async () => {
    const { ann, a, move } = await arrange();
    const own = await ann.client.mutation(api.documents.create, { title: "Mine" });
    expect(await outcome(move(a, inside(own, "editor")))).toBe("invalid");
    expect(await outcome(move(a, inside(own)))).toBe("ok");
  });

  it("goes behind all when the neighbour is not there (any more)", async () => {
    const { t, ann, a, b, c, move, list } = await arrange();
    await ann.client.mutation(api.trash.put, { kind: "doc", resourceId: c });
    await move(a, atTop("workspace"), c);
    expect(await list()).toBe("ba");
    const other = await makeResource(t, await personalWorkspaceOf(t, ann));
    await move(b, atTop("workspace"), other);
    expect(await list()).toBe("ab");
  });
});

describe("moving to another workspace", () => {
  async function arrangeTwo() {
    const arranged = await arrange();
    const { t, ann, a, move } = arranged;
    const cleo = await person(t, "Cleo");
    const otherId = await sharedWorkspace(t, ann, cleo);
    const partId = await ann.client.mutation(api.documents.create, { title: "part", parentId: a });
    const oldId = await ann.client.mutation(api.documents.create, { title: "old", parentId: a });
    await ann.client.mutation(api.trash.put, { kind: "doc", resourceId: oldId });
    const see = ({ client }: Person, documentId: Resource) =>
      outcome(client.query(api.documents.get, { documentId }));
    const trash = async ({ client }: Person, workspaceId: Id<"workspaces">) =>
      titlesOf(await client.query(api.trash.list, { workspaceId, whose: "workspace", ...FIRST_PAGE }));
    const listIn = async ({ client }: Person, workspaceId: Id<"workspaces">) =>
      titlesOf(await client.query(api.tree.workspace, { workspaceId, ...FIRST_PAGE }));
    return { ...arranged, move, cleo, otherId, partId, see, trash, listIn };
  }
  const titlesOf = ({ page }: { page: { title: string }[] }) => page.map(({ title }) => title);

  it("takes along what lies in it, and lets in the one workspace instead of the other", async () => {
    const { ann, bob, cleo, workspaceId, otherId, a, partId, move, see, trash, listIn } = await arrangeTwo();
    const before = await move(a, atTop("workspace", otherId));
    for (const id of [a, partId]) {
      expect(await see(bob, id)).toBe("forbidden");
      expect(await see(cleo, id)).toBe("ok");
    }
    expect(await listIn(cleo, otherId)).toEqual(["a"]);
    expect(await listIn(bob, workspaceId)).toEqual(["b", "c"]);
    const inside = await cleo.client.query(api.tree.inside, { documentId: a, ...FIRST_PAGE });
    expect(titlesOf(inside)).toEqual(["part"]);
    expect([await trash(bob, workspaceId), await trash(cleo, otherId)]).toEqual([[], ["old"]]);

    await ann.client.mutation(api.moving.move, { kind: "doc", resourceId: a, ...before });
    expect(await listIn(bob, workspaceId)).toEqual(["a", "b", "c"]);
    expect([await see(bob, partId), await see(cleo, partId)]).toEqual(["ok", "forbidden"]);
  });

  it("leaves it to everybody who has it by name, in the list of what is shared with them", async () => {
    const { t, ann, bob, workspaceId, otherId, b, move, list } = await arrangeTwo();
    const call = bob.client.mutation.bind(bob.client);
    const bobs = await call(api.documents.create, { title: "bobs", workspaceId });
    const toAnn = { email: ann.email, role: "owner" } as const;
    await call(api.documents.addMember, { documentId: bobs, ...toAnn });
    const shared = async () => (await bob.client.query(api.tree.shared, {})).map(({ title }) => title);
    expect([await list(bob), await shared()]).toEqual(["bobsabc", []]);

    const before = await move(bobs, atTop("private", otherId));
    expect([await list(bob), await shared()]).toEqual(["abc", ["bobs"]]);
    await ann.client.mutation(api.moving.move, { kind: "doc", resourceId: bobs, ...before });
    expect([await list(bob), await shared()]).toEqual(["bobsabc", []]);

    const another = await call(api.documents.create, { title: "more", workspaceId });
    await call(api.documents.addMember, { documentId: another, ...toAnn });
    await ann.client.mutation(api.sharing.setWorkspaceRole, { kind: "doc", resourceId: b, role: null });
    await move(another, inside(b));
    expect(await shared()).toEqual(["more"]);
    await giveRole(t, b, bob, "viewer");
    expect(await shared()).toEqual([]);
  });

  it("gives nothing to its people that was meant for those of the one before", async () => {
    const { ann, cleo, otherId, a, partId, move, see } = await arrangeTwo();
    const part = { kind: "doc", resourceId: partId } as const;
    await ann.client.mutation(api.sharing.setWorkspaceRole, { ...part, role: "editor" });
    await move(a, atTop("private", otherId));
    expect([await see(cleo, a), await see(cleo, partId)]).toEqual(["forbidden", "forbidden"]);
    expect(await see(ann, partId)).toBe("ok");
  });

  it("is for owners, and for workspaces and documents that they may add to", async () => {
    const { t, ann, bob, cleo, otherId, a, b, move, see } = await arrangeTwo();
    expect(await outcome(move(a, atTop("workspace", otherId), null, bob))).toBe("forbidden");
    const theirs = await sharedWorkspace(t, cleo);
    expect(await outcome(move(a, atTop("workspace", theirs)))).toBe("forbidden");
    const hers = await cleo.client.mutation(api.documents.create, { title: "hers", workspaceId: otherId });
    await move(b, inside(hers));
    expect([await see(cleo, b), await see(bob, b)]).toEqual(["ok", "forbidden"]);
    const personal = await personalWorkspaceOf(t, ann);
    expect(await outcome(move(a, atTop("workspace", personal)))).toBe("invalid");
    expect(await outcome(move(a, atTop("private", personal)))).toBe("ok");
    expect(await see(bob, a)).toBe("forbidden");
  });

  it("takes so much along at most", async () => {
    const { t, workspaceId, otherId, a, b, move } = await arrangeTwo();
    await t.run(async (ctx) => {
      const inner = {
        icon: null,
        workspaceId,
        workspaceRole: null,
        shelf: "nested",
        trashedAt: null,
      } as const;
      for (const [parentId, count] of [
        [a, MOVED_TO_WORKSPACE_MAX],
        [b, MOVED_TO_WORKSPACE_MAX],
      ] as const) {
        for (let i = 0; i < count; i++) {
          await ctx.db.insert("resources", { ...inner, kind: "doc", title: "x", parentId, rank: `a${i}1` });
        }
      }
    });
    expect(await outcome(move(a, atTop("workspace", otherId)))).toBe("limit");
    expect(await outcome(move(b, atTop("workspace", otherId)))).toBe("ok");
  });
});
