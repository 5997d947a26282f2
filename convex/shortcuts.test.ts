// @vitest-environment edge-runtime
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FAVOURITES_MAX, RECENTS_MAX } from "../protocol/limits";
import { api } from "./_generated/api";
import { deployment, makeResource, outcome, person, sharedWorkspace } from "./people.fixture";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function arrange() {
  const t = deployment();
  const ann = await person(t, "Ann");
  const bob = await person(t, "Bob");
  const workspaceId = await sharedWorkspace(t, ann, bob);
  const make = (title: string) => makeResource(t, workspaceId, { title, workspaceRole: "editor" });
  const call = bob.client.mutation.bind(bob.client);
  const favour = (resourceId: string, favourite = true) =>
    call(api.shortcuts.setFavourite, { kind: "doc", resourceId, favourite });
  const visit = (resourceId: string) => call(api.shortcuts.visit, { kind: "doc", resourceId });
  const titles = async (which: typeof api.shortcuts.favourites) =>
    (await bob.client.query(which, {})).map(({ title }) => title);
  const find = async (text: string, { client } = bob) =>
    (await client.query(api.shortcuts.find, { text })).map(({ title }) => title);
  return { t, ann, bob, workspaceId, make, favour, visit, titles, find };
}

describe("favourites", () => {
  it("are one's own, in the order in which they became that, as long as one may open them", async () => {
    const { ann, make, favour, titles } = await arrange();
    const [a, b] = [await make("A"), await make("B")];
    await favour(b);
    await favour(a);
    await favour(a);
    expect(await titles(api.shortcuts.favourites)).toEqual(["B", "A"]);
    expect(await ann.client.query(api.shortcuts.favourites, {})).toEqual([]);
    await favour(b, false);
    await favour(b, false);
    expect(await titles(api.shortcuts.favourites)).toEqual(["A"]);
  });

  it("go with the access and come back with it", async () => {
    const { t, make, favour, titles } = await arrange();
    const a = await make("A");
    await favour(a);
    await t.run((ctx) => ctx.db.patch(a, { workspaceRole: null }));
    expect(await titles(api.shortcuts.favourites)).toEqual([]);
    await t.run((ctx) => ctx.db.patch(a, { workspaceRole: "viewer" }));
    expect(await titles(api.shortcuts.favourites)).toEqual(["A"]);
  });

  it("are so many at most", async () => {
    const { make, favour } = await arrange();
    for (let i = 0; i < FAVOURITES_MAX; i++) await favour(await make(`${i}`));
    expect(await outcome(favour(await make("One more")))).toBe("limit");
  });
});

describe("what was opened lately", () => {
  it("comes the latest first, once each, and no more than so many", async () => {
    const { t, make, visit, titles } = await arrange();
    const ids = [];
    for (let i = 0; i <= RECENTS_MAX; i++) ids.push(await make(`${i}`));
    for (const id of ids) {
      vi.setSystemTime(Date.now() + 1000);
      await visit(id);
    }
    vi.setSystemTime(Date.now() + 1000);
    if (ids[5] !== undefined) await visit(ids[5]);
    const recents = await titles(api.shortcuts.recents);
    expect(recents.slice(0, 3)).toEqual(["5", `${RECENTS_MAX}`, `${RECENTS_MAX - 1}`]);
    expect(recents).toHaveLength(RECENTS_MAX);
    const rows = await t.run(async (ctx) => (await ctx.db.query("visits").collect()).length);
    expect(rows).toBe(RECENTS_MAX);
  });
});

describe("finding by title", () => {
  it("finds what one may open, while one types, in every workspace", async () => {
    const { t, ann, bob, workspaceId, make, find } = await arrange();
    await make("Launch plan");
    await makeResource(t, workspaceId, { title: "Launch secrets" });
    const documentId = await ann.client.mutation(api.documents.create, { title: "Launch from home" });
    expect(await find("launch")).toEqual(["Launch plan"]);
    await ann.client.mutation(api.documents.addMember, { documentId, email: bob.email, role: "viewer" });
    expect((await find("Lau")).sort()).toEqual(["Launch from home", "Launch plan"]);
    expect((await find("launch", ann)).sort()).toEqual(["Launch from home", "Launch plan"]);
    expect(await find("rocket")).toEqual([]);
  });

  it.each(["", "   ", "<script>", "\u0000", "x".repeat(10_000)])("survives %j", async (text) => {
    const { make, find } = await arrange();
    await make("Launch plan");
    expect(await find(text)).toEqual([]);
  });
});
