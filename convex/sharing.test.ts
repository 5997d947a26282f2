// @vitest-environment edge-runtime
import { describe, expect, it } from "vitest";
import { colorForUser } from "../protocol/colors";
import { RESOURCE_MAX_MEMBERS } from "../protocol/limits";
import type { Role } from "../protocol/roles";
import { api } from "./_generated/api";
import type { Id } from "./_generated/dataModel";
import {
  deployment,
  giveRole,
  makeResource,
  outcome,
  person,
  sharedWorkspace,
  type Person,
} from "./people.fixture";
import { addMemberRow } from "./placement";

async function arrange() {
  const t = deployment();
  const ann = await person(t, "Ann");
  const bob = await person(t, "Bob");
  const cleo = await person(t, "Cleo");
  const workspaceId = await sharedWorkspace(t, ann, bob);
  const documentId = await ann.client.mutation(api.documents.create, { title: "Plan", workspaceId });
  const innerId = await ann.client.mutation(api.documents.create, { title: "Part", parentId: documentId });
  const share = ({ email }: Person, role: Role, by = ann, id: Id<"resources"> = documentId) =>
    by.client.mutation(api.documents.addMember, { documentId: id, email, role });
  const remove = ({ userId }: { userId: string }, by = ann) =>
    by.client.mutation(api.documents.removeMember, { documentId, userId });
  const look = (by: Person, id: Id<"resources"> = documentId) =>
    by.client.query(api.sharing.get, { kind: "doc", resourceId: id });
  return { t, ann, bob, cleo, workspaceId, documentId, innerId, share, remove, look };
}

describe("people by name", () => {
  it("are given a role, another one, and none", async () => {
    const { cleo, share, remove, look, ann, documentId } = await arrange();
    await share(cleo, "commenter");
    await share(cleo, "editor");
    const { people } = await look(ann);
    expect(people.map(({ person: { name }, role }) => [name, role])).toEqual([
      ["Ann", "owner"],
      ["Cleo", "editor"],
    ]);
    await remove(cleo);
    expect(await outcome(cleo.client.query(api.documents.get, { documentId }))).toBe("forbidden");
  });

  it("are people who have signed up", async () => {
    const { ann, documentId } = await arrange();
    const attempt = (email: string) =>
      outcome(ann.client.mutation(api.documents.addMember, { documentId, email, role: "viewer" }));
    expect(await attempt("nobody@example.com")).toBe("not_found");
    expect(await attempt("nobody")).toBe("invalid");
  });

  it("always include an owner", async () => {
    const { ann, cleo, share, remove } = await arrange();
    expect(await outcome(remove(ann))).toBe("invalid");
    expect(await outcome(share(ann, "viewer"))).toBe("invalid");
    expect(await outcome(share(ann, "owner"))).toBe("ok");
    await share(cleo, "owner");
    expect(await outcome(remove(ann, cleo))).toBe("ok");
    expect(await outcome(remove(cleo, cleo))).toBe("invalid");
  });

  it("may give up what they have, and nobody else's", async () => {
    const { ann, cleo, share, remove, documentId } = await arrange();
    await share(cleo, "viewer");
    expect(await outcome(remove(ann, cleo))).toBe("forbidden");
    expect(await outcome(remove(cleo, cleo))).toBe("ok");
    expect(await outcome(cleo.client.query(api.documents.get, { documentId }))).toBe("forbidden");
    expect(await outcome(remove(cleo))).toBe("not_found");
    expect(await outcome(remove({ userId: "garbage" }))).toBe("not_found");
  });

  it("need not own what lies in a document: that has its owners there", async () => {
    const { ann, cleo, innerId, share } = await arrange();
    await share(cleo, "owner", ann, innerId);
    const leave = { documentId: innerId, userId: cleo.userId };
    expect(await outcome(ann.client.mutation(api.documents.removeMember, leave))).toBe("ok");
  });

  it("are so many at most", async () => {
    const { t, cleo, documentId, share } = await arrange();
    await t.run(async (ctx) => {
      const resource = await ctx.db.get(documentId);
      if (resource === null) throw new Error("it is there");
      for (let i = 1; i < RESOURCE_MAX_MEMBERS; i++) {
        const userId = await ctx.db.insert("users", { name: `P${i}`, email: `p${i}@example.com` });
        await addMemberRow(ctx, resource, userId, "viewer", true);
      }
    });
    expect(await outcome(share(cleo, "viewer"))).toBe("limit");
  });
});

describe("the workspace", () => {
  it("is given a role, or none: then only people by name get in", async () => {
    const { ann, bob, workspaceId, documentId } = await arrange();
    const set = (role: "viewer" | null) =>
      ann.client.mutation(api.sharing.setWorkspaceRole, { kind: "doc", resourceId: documentId, role });
    const lists = async ({ client }: Person) => {
      const args = { workspaceId, paginationOpts: { numItems: 10, cursor: null } };
      const ids = (page: { resourceId: string }[]) => page.map(({ resourceId }) => resourceId);
      return {
        workspace: ids((await client.query(api.tree.workspace, args)).page),
        mine: ids((await client.query(api.tree.mine, args)).page),
      };
    };
    expect(await lists(ann)).toEqual({ workspace: [documentId], mine: [] });
    await set(null);
    expect(await outcome(bob.client.query(api.documents.get, { documentId }))).toBe("forbidden");
    expect(await lists(ann)).toEqual({ workspace: [], mine: [documentId] });
    expect(await lists(bob)).toEqual({ workspace: [], mine: [] });
    await set("viewer");
    expect(await bob.client.query(api.documents.get, { documentId })).toMatchObject({ role: "viewer" });
    expect(await lists(bob)).toEqual({ workspace: [documentId], mine: [] });
  });

  it("that is personal has nobody to share with", async () => {
    const { ann } = await arrange();
    const resourceId = await ann.client.mutation(api.diagrams.create, { title: "Map" });
    const attempt = ann.client.mutation(api.sharing.setWorkspaceRole, {
      kind: "diagram",
      resourceId,
      role: "viewer",
    });
    expect(await outcome(attempt)).toBe("invalid");
  });
});

describe("the overview", () => {
  it("says who has access and why, of what lies in a document too", async () => {
    const { ann, bob, cleo, documentId, innerId, share, look } = await arrange();
    await share(cleo, "viewer", ann, innerId);
    await ann.client.mutation(api.links.set, {
      kind: "doc",
      resourceId: documentId,
      role: "viewer",
      days: null,
    });
    const from = { resourceId: documentId, title: "Plan" };
    const seen = await look(ann, innerId);
    expect(seen).toMatchObject({
      role: "owner",
      workspace: { name: "Team", personal: false, role: null },
      inheritedFromWorkspace: [{ role: "editor", from }],
      people: [
        { person: { name: "Cleo" }, role: "viewer", from: null },
        { person: { name: "Ann" }, role: "owner", from },
      ],
      links: [{ role: "viewer", from, expiresAt: null }],
    });
    expect(seen.people[1]?.person).toEqual({
      userId: ann.userId,
      name: "Ann",
      email: ann.email,
      color: colorForUser(ann.userId),
      anonymous: false,
    });
    expect(await look(bob)).toMatchObject({ role: "editor" });
  });

  it("shows addresses and the link to owners, and to others their own address only", async () => {
    const { ann, bob, documentId, look } = await arrange();
    await ann.client.mutation(api.documents.addMember, { documentId, email: bob.email, role: "editor" });
    await ann.client.mutation(api.links.set, {
      kind: "doc",
      resourceId: documentId,
      role: "viewer",
      days: 1,
    });
    const emails = async (who: Person) => (await look(who)).people.map(({ person: { email } }) => email);
    expect(await emails(ann)).toEqual([ann.email, bob.email]);
    expect(await emails(bob)).toEqual([null, bob.email]);
    expect((await look(ann)).links[0]?.token).toMatch(/^[0-9a-f]{40}$/);
    expect((await look(bob)).links[0]?.token).toBeNull();
  });

  it("does not tell the title of a document above that somebody may not open", async () => {
    const { t, ann, cleo, workspaceId, look } = await arrange();
    const secret = await makeResource(t, workspaceId, { title: "Secret" });
    await t.run(async (ctx) => ctx.db.patch(secret, { workspaceRole: "viewer" }));
    const inside = await makeResource(t, workspaceId, { parentId: secret });
    await giveRole(t, inside, cleo, "viewer");
    expect(JSON.stringify(await look(cleo, inside))).not.toContain("Secret");
    expect(JSON.stringify(await look(ann, inside))).toContain("Secret");
  });
});
