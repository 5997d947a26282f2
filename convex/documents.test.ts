// @vitest-environment edge-runtime
import { describe, expect, it } from "vitest";
import { colorForUser } from "../protocol/colors";
import { TITLE_MAX_CHARS } from "../protocol/limits";
import { api } from "./_generated/api";
import { deployment, outcome, person, personalWorkspaceOf, sharedWorkspace } from "./people.fixture";

async function arrange() {
  const t = deployment();
  const ann = await person(t, "Ann");
  const bob = await person(t, "Bob");
  const documentId = await ann.client.mutation(api.documents.create, { title: "Plan" });
  return { t, ann, bob, documentId };
}

describe("documents.create", () => {
  it("makes a private document of the caller's in the personal workspace", async () => {
    const { t, ann, documentId } = await arrange();
    const workspaceId = await personalWorkspaceOf(t, ann);
    const stored = await t.run((ctx) => ctx.db.get(documentId));
    expect(stored?.workspaceRole).toBeNull();
    expect(await ann.client.query(api.documents.get, { documentId })).toEqual({
      documentId,
      title: "Plan",
      workspaceId,
      role: "owner",
      createdAt: stored?._creationTime,
      shared: false,
    });
  });

  it("gives everybody in a shared workspace the role editor", async () => {
    const { t, ann, bob } = await arrange();
    const workspaceId = await sharedWorkspace(t, ann, bob);
    const documentId = await ann.client.mutation(api.documents.create, { title: "Ours", workspaceId });
    expect(await bob.client.query(api.documents.get, { documentId })).toMatchObject({
      role: "editor",
      shared: false,
    });
  });
});

describe("a title", () => {
  it.each(["", " \n ", "x".repeat(TITLE_MAX_CHARS + 1)])("cannot be %j", async (title) => {
    const { ann, documentId } = await arrange();
    expect(await outcome(ann.client.mutation(api.documents.create, { title }))).toBe("invalid");
    expect(await outcome(ann.client.mutation(api.documents.rename, { documentId, title }))).toBe("invalid");
    expect(await ann.client.query(api.documents.list, {})).toMatchObject([{ title: "Plan" }]);
  });

  it("is trimmed, and may have any characters", async () => {
    const { ann, documentId } = await arrange();
    const longest = "<script>".padEnd(TITLE_MAX_CHARS, "א");
    await ann.client.mutation(api.documents.rename, { documentId, title: `  ${longest}\n` });
    expect((await ann.client.query(api.documents.get, { documentId })).title).toBe(longest);
  });
});

describe("documents.list", () => {
  it("shows what is in the caller's workspaces and what was shared by name, newest first", async () => {
    const { t, ann, bob, documentId } = await arrange();
    const workspaceId = await sharedWorkspace(t, ann, bob);
    const ours = await ann.client.mutation(api.documents.create, { title: "Ours", workspaceId });
    const own = await bob.client.mutation(api.documents.create, { title: "Own" });
    await ann.client.mutation(api.documents.create, { title: "Secret" });
    await ann.client.mutation(api.documents.addMember, { documentId, email: bob.email, role: "viewer" });

    const list = await bob.client.query(api.documents.list, {});
    expect(list.map((row) => [row.documentId, row.role, row.shared])).toEqual([
      [own, "owner", false],
      [ours, "editor", false],
      [documentId, "viewer", true],
    ]);
  });

  it("shows one workspace only when asked for it", async () => {
    const { t, ann, bob, documentId } = await arrange();
    const workspaceId = await sharedWorkspace(t, ann, bob);
    const ours = await bob.client.mutation(api.documents.create, { title: "Ours", workspaceId });
    const ids = async (workspace: string) =>
      (await ann.client.query(api.documents.list, { workspaceId: workspace })).map((row) => row.documentId);
    expect(await ids(workspaceId)).toEqual([ours]);
    expect(await ids(await personalWorkspaceOf(t, ann))).toEqual([documentId]);
  });
});

describe("the members of a document", () => {
  it("are people with a role, which an owner gives, changes and takes away", async () => {
    const { ann, bob, documentId } = await arrange();
    const share = (role: "commenter" | "editor") =>
      ann.client.mutation(api.documents.addMember, { documentId, email: " BOB@example.com", role });
    await share("commenter");
    await share("editor");
    expect(await bob.client.query(api.documents.listMembers, { documentId })).toEqual([
      { userId: ann.userId, name: "Ann", email: ann.email, color: colorForUser(ann.userId), role: "owner" },
      { userId: bob.userId, name: "Bob", email: bob.email, color: colorForUser(bob.userId), role: "editor" },
    ]);
    await ann.client.mutation(api.documents.removeMember, { documentId, userId: bob.userId });
    expect(await outcome(bob.client.query(api.documents.get, { documentId }))).toBe("forbidden");
    expect(await bob.client.query(api.documents.list, {})).toEqual([]);
  });

  it("can only be people who have signed up", async () => {
    const { ann, documentId } = await arrange();
    const share = (email: string) =>
      ann.client.mutation(api.documents.addMember, { documentId, email, role: "viewer" });
    await expect(share("nobody@example.com")).rejects.toThrow("Nobody has signed up with this email address");
    expect(await outcome(share("nobody@example.com"))).toBe("not_found");
    expect(await outcome(share("nobody"))).toBe("invalid");
  });

  it("are not removed twice", async () => {
    const { ann, bob, documentId } = await arrange();
    const remove = (userId: string) =>
      outcome(ann.client.mutation(api.documents.removeMember, { documentId, userId }));
    expect(await remove(bob.userId)).toBe("not_found");
    expect(await remove("garbage")).toBe("not_found");
  });

  it("always include an owner", async () => {
    const { ann, bob, documentId } = await arrange();
    const removeAnn = () =>
      outcome(ann.client.mutation(api.documents.removeMember, { documentId, userId: ann.userId }));
    const share = (email: string, role: "owner" | "viewer") =>
      outcome(ann.client.mutation(api.documents.addMember, { documentId, email, role }));
    expect(await removeAnn()).toBe("invalid");
    expect(await share(ann.email, "viewer")).toBe("invalid");
    expect(await share(ann.email, "owner")).toBe("ok");

    await share(bob.email, "owner");
    expect(await removeAnn()).toBe("ok");
    expect(await bob.client.query(api.documents.listMembers, { documentId })).toMatchObject([
      { userId: bob.userId, role: "owner" },
    ]);
  });
});
