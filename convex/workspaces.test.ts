// @vitest-environment edge-runtime
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PENDING_INVITATIONS_MAX, TITLE_MAX_CHARS, WORKSPACES_PER_PERSON_MAX } from "../protocol/limits";
import type { WorkspaceRole } from "../protocol/roles";
import { api, internal } from "./_generated/api";
import {
  deployment,
  everythingBut,
  FIRST_PAGE,
  giveRole,
  makeResource,
  outcome,
  person,
  personalWorkspaceOf,
  type Person,
} from "./people.fixture";

const DAY_MS = 24 * 60 * 60 * 1000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function arrange() {
  const t = deployment();
  const ann = await person(t, "Ann");
  const bob = await person(t, "Bob");
  const eve = await person(t, "Eve");
  const workspaceId = await ann.client.mutation(api.workspaces.create, { name: "Team" });
  const invite = (email: string | null, role: WorkspaceRole = "member", days = 7, by = ann) =>
    by.client.mutation(api.invitations.create, { workspaceId, email, role, days });
  const accept = ({ client }: Person, token: string) => client.mutation(api.invitations.accept, { token });
  const letIn = async (whom: Person, role: WorkspaceRole = "member") =>
    accept(whom, await invite(whom.email, role));
  const setRole = (whom: Person, role: WorkspaceRole, by = ann) =>
    by.client.mutation(api.workspaces.setRole, { workspaceId, userId: whom.userId, role });
  const remove = (whom: { userId: string }, by = ann) =>
    by.client.mutation(api.workspaces.removeMember, { workspaceId, userId: whom.userId });
  const people = async (by = ann) =>
    (await by.client.query(api.workspaces.members, { workspaceId, ...FIRST_PAGE })).page.map((row) => [
      row.person.name,
      row.role,
    ]);
  const names = async ({ client }: Person) =>
    (await client.query(api.workspaces.list, {})).filter(({ personal }) => !personal).map(({ name }) => name);
  return { t, ann, bob, eve, workspaceId, invite, accept, letIn, setRole, remove, people, names };
}

describe("a workspace", () => {
  it("is made by somebody with an account, renamed by admins", async () => {
    const { t, ann, bob, eve, workspaceId, letIn, names } = await arrange();
    await letIn(bob);
    const rename = (by: Person, name: string) =>
      outcome(by.client.mutation(api.workspaces.rename, { workspaceId, name }));
    expect(await rename(bob, "Mine now")).toBe("forbidden");
    expect(await rename(eve, "Mine now")).toBe("forbidden");
    expect(await rename(ann, "x".repeat(TITLE_MAX_CHARS + 1))).toBe("invalid");
    expect(await rename(ann, "<b>Crew</b>")).toBe("ok");
    expect(await names(bob)).toEqual(["<b>Crew</b>"]);
    await t.run((ctx) => ctx.db.patch(eve.userId, { isAnonymous: true }));
    expect(await outcome(eve.client.mutation(api.workspaces.create, { name: "Mine" }))).toBe("forbidden");
  });

  it("is one of so many at most", async () => {
    const { t, ann } = await arrange();
    await t.run(async (ctx) => {
      for (let i = 2; i < WORKSPACES_PER_PERSON_MAX; i++) {
        const workspaceId = await ctx.db.insert("workspaces", { name: "W", personalOf: null });
        await ctx.db.insert("workspaceMembers", {
          workspaceId,
          userId: ann.userId,
          role: "member",
          name: "Ann",
        });
      }
    });
    expect(await outcome(ann.client.mutation(api.workspaces.create, { name: "One more" }))).toBe("limit");
  });

  it("is deleted by an admin who names it, with everything in it, for everybody and at once", async () => {
    const { t, ann, bob, eve, workspaceId, letIn, invite, names } = await arrange();
    await letIn(bob);
    await invite(eve.email);
    const documentId = await bob.client.mutation(api.documents.create, { title: "Bob's", workspaceId });
    await bob.client.mutation(api.documents.addMember, { documentId, email: eve.email, role: "editor" });
    await bob.client.mutation(api.documents.create, { title: "Inside", parentId: documentId });
    const remove = (by: Person, name: string) =>
      outcome(by.client.mutation(api.workspaces.remove, { workspaceId, name }));
    expect(await remove(bob, "Team")).toBe("forbidden");
    expect(await remove(eve, "Team")).toBe("forbidden");
    expect(await remove(ann, "team")).toBe("invalid");
    expect(await remove(ann, " Team ")).toBe("ok");
    expect(await remove(ann, "Team")).toBe("forbidden");
    expect([await names(ann), await names(bob)]).toEqual([[], []]);
    for (const { client } of [bob, eve]) {
      expect(await outcome(client.query(api.documents.get, { documentId }))).toBe("forbidden");
    }
    expect(await eve.client.query(api.invitations.mine, {})).toEqual([]);
    const personalWorkspace = await personalWorkspaceOf(t, ann);
    const personal = { workspaceId: personalWorkspace, name: "Ann's workspace" };
    expect(await outcome(ann.client.mutation(api.workspaces.remove, personal))).toBe("invalid");
  });

  it("leaves nothing behind, however much was in it", async () => {
    const { t, ann, bob, eve, workspaceId, letIn, invite } = await arrange();
    await letIn(bob);
    await invite(eve.email);
    const call = bob.client.mutation.bind(bob.client);
    const documentId = await call(api.documents.create, { title: "Bob's", workspaceId });
    const resource = { kind: "doc", resourceId: documentId } as const;
    const token = await call(api.links.set, { ...resource, role: "viewer", days: null });
    await eve.client.mutation(api.links.open, { token });
    await eve.client.mutation(api.shortcuts.setFavourite, { ...resource, favourite: true });
    await eve.client.mutation(api.shortcuts.visit, resource);
    const inside = await call(api.documents.create, { title: "Inside", parentId: documentId });
    await call(api.trash.put, { kind: "doc", resourceId: inside });
    for (let i = 0; i < 60; i++) await makeResource(t, workspaceId, { kind: "diagram" });
    const before = await t.run((ctx) => ctx.db.query("resources").collect());
    await ann.client.mutation(api.workspaces.remove, { workspaceId, name: "Team" });
    const resources = () => t.run((ctx) => ctx.db.query("resources").collect());
    expect(await resources()).not.toEqual([]);
    await t.mutation(internal.removal.removeRestOfWorkspace, { workspaceId });
    expect(await resources()).toEqual([]);
    for (const { _id: resourceId } of before) await t.mutation(internal.removal.removeRest, { resourceId });
    const left = await everythingBut(t, "users", "workspaces", "workspaceMembers", "burials");
    expect(left).toEqual({ rows: [], files: 0 });
    const people = await t.run((ctx) => ctx.db.query("workspaceMembers").collect());
    expect(people.some((row) => row.workspaceId === workspaceId)).toBe(false);
    const burials = await t.run(async (ctx) => (await ctx.db.query("burials").collect()).length);
    expect(burials).toBe(64);
  });

  it("shows its people to members, addresses to admins", async () => {
    const { ann, bob, eve, workspaceId, letIn, people } = await arrange();
    await letIn(bob);
    await letIn(eve, "guest");
    expect(await people(bob)).toEqual([
      ["Ann", "admin"],
      ["Eve", "guest"],
      ["Bob", "member"],
    ]);
    const emails = async ({ client }: Person) =>
      (await client.query(api.workspaces.members, { workspaceId, ...FIRST_PAGE })).page.map(
        (row) => row.person.email,
      );
    expect(await emails(ann)).toEqual([ann.email, eve.email, bob.email]);
    expect(await emails(bob)).toEqual([null, null, bob.email]);
    expect(await outcome(people(eve))).toBe("forbidden");
  });

  it("always has an admin, who may hand over and leave", async () => {
    const { ann, bob, letIn, setRole, remove, people } = await arrange();
    await letIn(bob);
    expect(await outcome(remove(ann))).toBe("invalid");
    expect(await outcome(setRole(ann, "member"))).toBe("invalid");
    expect(await outcome(setRole(bob, "admin", bob))).toBe("forbidden");
    await setRole(bob, "admin");
    await remove(ann);
    expect(await people(bob)).toEqual([["Bob", "admin"]]);
    expect(await outcome(remove(bob, bob))).toBe("invalid");
    expect(await outcome(people(ann))).toBe("forbidden");
  });

  it("that is personal lets nobody in", async () => {
    const { t, ann, bob } = await arrange();
    const workspaceId = await personalWorkspaceOf(t, ann);
    const args = { workspaceId, email: bob.email, role: "member", days: 7 } as const;
    expect(await outcome(ann.client.mutation(api.invitations.create, args))).toBe("invalid");
    const leave = { workspaceId, userId: ann.userId };
    expect(await outcome(ann.client.mutation(api.workspaces.removeMember, leave))).toBe("invalid");
  });
});

describe("whoever leaves or is removed", () => {
  it("loses every role in the workspace, and leaves what they alone owned to an admin", async () => {
    const { ann, bob, eve, workspaceId, letIn, remove, names } = await arrange();
    await letIn(bob);
    await letIn(eve);
    const documentId = await bob.client.mutation(api.documents.create, { title: "Bob's", workspaceId });
    await bob.client.mutation(api.sharing.setWorkspaceRole, {
      kind: "doc",
      resourceId: documentId,
      role: null,
    });
    const shared = await ann.client.mutation(api.documents.create, { title: "Ann's", workspaceId });
    await ann.client.mutation(api.documents.addMember, {
      documentId: shared,
      email: bob.email,
      role: "owner",
    });
    const own = await bob.client.mutation(api.documents.create, { title: "At home" });

    expect(await outcome(remove(bob, eve))).toBe("forbidden");
    await remove(bob);
    const see = ({ client }: Person, id: string) =>
      outcome(client.query(api.documents.get, { documentId: id }));
    expect([await see(bob, documentId), await see(bob, shared), await see(bob, own)]).toEqual([
      "forbidden",
      "forbidden",
      "ok",
    ]);
    expect(await ann.client.query(api.documents.get, { documentId })).toMatchObject({ role: "owner" });
    expect(await names(bob)).toEqual([]);

    const eves = await eve.client.mutation(api.documents.create, { title: "Eve's", workspaceId });
    await remove(eve, eve);
    expect(await see(eve, eves)).toBe("forbidden");
    expect(await ann.client.query(api.documents.get, { documentId: eves })).toMatchObject({ role: "owner" });
    expect(await outcome(remove(eve))).toBe("not_found");
    expect(await outcome(remove({ userId: "garbage" }))).toBe("not_found");
  });

  it("leaves to an admin nothing that lies in a document of somebody else", async () => {
    const { ann, bob, eve, workspaceId, letIn, remove } = await arrange();
    await letIn(bob);
    await letIn(eve);
    const top = await eve.client.mutation(api.documents.create, { title: "Eve's", workspaceId });
    await eve.client.mutation(api.sharing.setWorkspaceRole, { kind: "doc", resourceId: top, role: null });
    const documentId = await eve.client.mutation(api.documents.create, { title: "In it", parentId: top });
    const give = { documentId, email: bob.email, role: "owner" } as const;
    await eve.client.mutation(api.documents.addMember, give);
    await remove(bob);
    const get = ({ client }: Person) => client.query(api.documents.get, { documentId });
    expect([await outcome(get(bob)), await outcome(get(ann))]).toEqual(["forbidden", "forbidden"]);
    expect(await get(eve)).toMatchObject({ role: "owner" });
  });

  it("loses also what does not fit into one transaction", async () => {
    const { t, ann, bob, workspaceId, letIn, remove } = await arrange();
    await letIn(bob);
    const documentId = await bob.client.mutation(api.documents.create, { title: "Bob's", workspaceId });
    await remove(bob);
    await giveRole(t, documentId, bob, "editor");
    const rest = { workspaceId, userId: bob.userId, heirId: ann.userId };
    await t.mutation(internal.workspaces.takeRolesOn, rest);
    expect(await outcome(bob.client.query(api.documents.get, { documentId }))).toBe("forbidden");
  });
});

describe("an invitation by address", () => {
  it("waits for whom it names, and is answered once", async () => {
    const { ann, bob, eve, workspaceId, invite, accept, names } = await arrange();
    const token = await invite(" BOB@example.com ", "member");
    expect(await bob.client.query(api.invitations.mine, {})).toEqual([
      { token, workspace: "Team", role: "member", invitedBy: "Ann" },
    ]);
    expect(await eve.client.query(api.invitations.mine, {})).toEqual([]);
    expect(await outcome(accept(eve, token))).toBe("forbidden");
    expect(await accept(bob, token)).toBe(workspaceId);
    expect(await names(bob)).toEqual(["Team"]);
    expect(await outcome(accept(bob, token))).toBe("not_found");
    expect(await ann.client.query(api.invitations.pending, { workspaceId })).toEqual([]);
    expect(await outcome(invite(bob.email))).toBe("invalid");
  });

  it("can be declined, taken back, and sent again with another role", async () => {
    const { ann, bob, workspaceId, invite, accept } = await arrange();
    await bob.client.mutation(api.invitations.decline, { token: await invite(bob.email) });
    const before = await invite(bob.email, "guest");
    const token = await invite(bob.email, "member");
    expect(await outcome(accept(bob, before))).toBe("not_found");
    const [only, ...others] = await ann.client.query(api.invitations.pending, { workspaceId });
    expect([only?.role, others]).toEqual(["member", []]);
    if (only === undefined) throw new Error("it is open");
    const revoke = (by: Person, invitationId: string) =>
      outcome(by.client.mutation(api.invitations.revoke, { workspaceId, invitationId }));
    expect(await revoke(bob, only.invitationId)).toBe("forbidden");
    expect(await revoke(ann, "garbage")).toBe("not_found");
    expect(await revoke(ann, only.invitationId)).toBe("ok");
    expect(await outcome(accept(bob, token))).toBe("not_found");
  });

  it("ends after its days", async () => {
    const { t, ann, bob, workspaceId, invite, accept } = await arrange();
    const token = await invite(bob.email, "member", 3);
    vi.setSystemTime(Date.now() + 3 * DAY_MS);
    expect(await outcome(accept(bob, token))).toBe("not_found");
    expect(await bob.client.query(api.invitations.mine, {})).toEqual([]);
    expect(await ann.client.query(api.invitations.pending, { workspaceId })).toEqual([]);
    const row = await t.run((ctx) => ctx.db.query("invitations").first());
    if (row === null) throw new Error("nobody has removed it yet");
    await t.mutation(internal.invitations.expire, { invitationId: row._id });
    expect(await t.run((ctx) => ctx.db.query("invitations").first())).toBeNull();
  });

  it("is one of so many: a thousand are refused, clearly", { timeout: 60_000 }, async () => {
    const { ann, workspaceId, invite } = await arrange();
    const outcomes = [];
    for (let i = 0; i < 1000; i++) outcomes.push(await outcome(invite(`p${i}@example.com`)));
    expect(outcomes.filter((result) => result === "ok")).toHaveLength(PENDING_INVITATIONS_MAX);
    expect(outcomes.slice(PENDING_INVITATIONS_MAX)).toEqual(
      Array(1000 - PENDING_INVITATIONS_MAX).fill("limit"),
    );
    expect(await outcome(invite("p0@example.com", "guest"))).toBe("ok");
    const open = await ann.client.query(api.invitations.pending, { workspaceId });
    expect(open).toHaveLength(PENDING_INVITATIONS_MAX);
  });

  it.each([0, 31, 1.5])("cannot last %d days", async (days) => {
    const { bob, invite } = await arrange();
    expect(await outcome(invite(bob.email, "member", days))).toBe("invalid");
  });
});

describe("an invitation by link", () => {
  it("lets in whoever has it, until it is revoked; who is in keeps the stronger role", async () => {
    const { t, ann, bob, eve, workspaceId, invite, accept, people } = await arrange();
    const token = await invite(null, "guest");
    expect(await t.query(api.invitations.preview, { token })).toMatchObject({ workspace: "Team" });
    await accept(bob, token);
    await accept(eve, await invite(null, "member"));
    await accept(eve, token);
    expect(await people()).toEqual([
      ["Ann", "admin"],
      ["Bob", "guest"],
      ["Eve", "member"],
    ]);
    const [first] = await ann.client.query(api.invitations.pending, { workspaceId });
    if (first === undefined) throw new Error("links stay");
    await ann.client.mutation(api.invitations.revoke, { workspaceId, invitationId: first.invitationId });
    expect(await t.query(api.invitations.preview, { token })).toBeNull();
  });

  it("makes nobody an admin, and lets in nobody without an account", async () => {
    const { t, bob, invite, accept } = await arrange();
    expect(await outcome(invite(null, "admin"))).toBe("invalid");
    await t.run((ctx) => ctx.db.patch(bob.userId, { isAnonymous: true }));
    const token = await invite(null, "member");
    expect(await outcome(accept(bob, token))).toBe("forbidden");
    expect(await outcome(t.mutation(api.invitations.accept, { token }))).toBe("unauthenticated");
  });

  it("is made by admins only", async () => {
    const { bob, eve, letIn, invite } = await arrange();
    await letIn(bob);
    expect(await outcome(invite(null, "member", 7, bob))).toBe("forbidden");
    expect(await outcome(invite(null, "member", 7, eve))).toBe("forbidden");
  });
});

describe("a guest", () => {
  it("who was a member keeps what they have by name, in the list of what is shared with them", async () => {
    const { t, bob, workspaceId, letIn, setRole } = await arrange();
    await letIn(bob);
    const call = bob.client.mutation.bind(bob.client);
    const documentId = await call(api.documents.create, { title: "Open", workspaceId });
    const secret = await call(api.documents.create, { title: "Secret", workspaceId });
    await call(api.sharing.setWorkspaceRole, { kind: "doc", resourceId: secret, role: null });
    const shared = async () => (await bob.client.query(api.tree.shared, {})).map(({ title }) => title);
    expect(await shared()).toEqual([]);
    await setRole(bob, "guest");
    expect(await shared()).toEqual(["Secret", "Open"]);
    expect(await bob.client.query(api.documents.get, { documentId })).toMatchObject({ role: "owner" });
    await setRole(bob, "member");
    expect(await shared()).toEqual([]);
    await t.mutation(internal.workspaces.keepRestListed, { workspaceId, userId: bob.userId });
    expect(await shared()).toEqual([]);
  });

  it("sees what was shared with them by name, and nothing that the workspace gives", async () => {
    const { ann, bob, workspaceId, letIn } = await arrange();
    await letIn(bob, "guest");
    const open = await ann.client.mutation(api.documents.create, { title: "Open", workspaceId });
    const named = await ann.client.mutation(api.documents.create, { title: "Named", workspaceId });
    await ann.client.mutation(api.documents.addMember, {
      documentId: named,
      email: bob.email,
      role: "editor",
    });
    const see = (documentId: string) => outcome(bob.client.query(api.documents.get, { documentId }));
    expect([await see(open), await see(named)]).toEqual(["forbidden", "ok"]);
    expect(await bob.client.query(api.tree.shared, {})).toMatchObject([{ title: "Named" }]);
    expect(await bob.client.query(api.shortcuts.find, { text: "Open" })).toEqual([]);
    expect(await outcome(bob.client.mutation(api.documents.create, { title: "New", workspaceId }))).toBe(
      "forbidden",
    );
    const paginationOpts = { numItems: 10, cursor: null };
    const list = bob.client.query(api.tree.workspace, { workspaceId, paginationOpts });
    expect(await outcome(list)).toBe("forbidden");
  });
});
