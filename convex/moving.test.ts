// @vitest-environment edge-runtime
import { describe, expect, it } from "vitest";
import { TREE_MAX_DEPTH } from "../protocol/limits";
import { api } from "./_generated/api";
import type { Id } from "./_generated/dataModel";
import {
  deployment,
  giveRole,
  makeResource,
  outcome,
  person,
  personalWorkspaceOf,
  sharedWorkspace,
  type Person,
} from "./people.fixture";

type Resource = Id<"resources">;

const paginationOpts = { numItems: 50, cursor: null };
const atTop = (shelf: "workspace" | "private") => ({ kind: "top" as const, shelf });
const inside = (documentId: string) => ({ kind: "inside" as const, documentId });

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
    titles((await client.query(api.tree.workspace, { workspaceId, paginationOpts })).page);
  const mine = async ({ client }: Person = ann) =>
    titles((await client.query(api.tree.mine, { workspaceId, paginationOpts })).page);
  const within = async (documentId: Resource, { client }: Person = ann) =>
    titles((await client.query(api.tree.inside, { documentId, paginationOpts })).page);
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

  it("into a document needs the role editor there, and the same workspace", async () => {
    const { t, ann, workspaceId, a, move } = await arrange();
    const closed = await makeResource(t, workspaceId);
    expect(await outcome(move(a, inside(closed)))).toBe("forbidden");
    await giveRole(t, closed, ann, "viewer");
    expect(await outcome(move(a, inside(closed)))).toBe("forbidden");
    const elsewhere = await ann.client.mutation(api.documents.create, { title: "Mine" });
    expect(await outcome(move(a, inside(elsewhere)))).toBe("invalid");
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
