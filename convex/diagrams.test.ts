// @vitest-environment edge-runtime
import { describe, expect, it } from "vitest";
import { TITLE_MAX_CHARS } from "../protocol/limits";
import { api } from "./_generated/api";
import { deployment, outcome, person, personalWorkspaceOf, sharedWorkspace } from "./people.fixture";

async function arrange() {
  const t = deployment();
  const ann = await person(t, "Ann");
  const bob = await person(t, "Bob");
  const documentId = await ann.client.mutation(api.documents.create, { title: "Plan" });
  const diagramId = await ann.client.mutation(api.diagrams.create, { title: "Map" });
  const innerId = await ann.client.mutation(api.diagrams.create, { title: "Inside", documentId });
  return { t, ann, bob, documentId, diagramId, innerId };
}

describe("a diagram by itself", () => {
  it("is the caller's, in the personal workspace", async () => {
    const { t, ann, diagramId } = await arrange();
    const stored = await t.run((ctx) => ctx.db.get(diagramId));
    expect(await ann.client.query(api.diagrams.get, { diagramId })).toEqual({
      diagramId,
      documentId: null,
      title: "Map",
      workspaceId: await personalWorkspaceOf(t, ann),
      role: "owner",
      createdAt: stored?._creationTime,
      shared: false,
    });
  });

  it("is everybody's to edit in a shared workspace", async () => {
    const { t, ann, bob } = await arrange();
    const workspaceId = await sharedWorkspace(t, ann, bob);
    const ours = await ann.client.mutation(api.diagrams.create, { title: "Ours", workspaceId });
    const list = await bob.client.query(api.diagrams.list, { workspaceId });
    expect(list.map((row) => [row.diagramId, row.role, row.shared])).toEqual([[ours, "editor", false]]);
  });

  it("has members, among them always an owner", async () => {
    const { ann, bob, diagramId } = await arrange();
    const share = (email: string, role: "owner" | "editor" | "viewer") =>
      outcome(ann.client.mutation(api.diagrams.addMember, { diagramId, email, role }));
    const remove = (userId: string) =>
      outcome(ann.client.mutation(api.diagrams.removeMember, { diagramId, userId }));
    expect(await share(bob.email, "viewer")).toBe("ok");
    expect(await share(bob.email, "editor")).toBe("ok");
    expect(await bob.client.query(api.diagrams.listMembers, { diagramId })).toMatchObject([
      { userId: ann.userId, role: "owner" },
      { userId: bob.userId, role: "editor" },
    ]);
    expect(await bob.client.query(api.diagrams.list, {})).toMatchObject([{ diagramId, shared: true }]);
    expect(await share("nobody@example.com", "viewer")).toBe("not_found");
    expect(await remove(ann.userId)).toBe("invalid");
    expect(await share(ann.email, "viewer")).toBe("invalid");
    expect(await remove(bob.userId)).toBe("ok");
    expect(await remove(bob.userId)).toBe("not_found");
    expect(await outcome(bob.client.query(api.diagrams.get, { diagramId }))).toBe("forbidden");
  });

  it.each(["", "x".repeat(TITLE_MAX_CHARS + 1)])("cannot be called %j", async (title) => {
    const { ann, diagramId, documentId } = await arrange();
    expect(await outcome(ann.client.mutation(api.diagrams.create, { title }))).toBe("invalid");
    expect(await outcome(ann.client.mutation(api.diagrams.create, { title, documentId }))).toBe("invalid");
    expect(await outcome(ann.client.mutation(api.diagrams.rename, { diagramId, title }))).toBe("invalid");
  });
});

describe("a diagram in a document", () => {
  it("is in the document's workspace and has its access, whatever that becomes", async () => {
    const { ann, bob, documentId, innerId } = await arrange();
    const seenByBob = () => outcome(bob.client.query(api.diagrams.get, { diagramId: innerId }));
    expect(await seenByBob()).toBe("forbidden");
    await ann.client.mutation(api.documents.addMember, { documentId, email: bob.email, role: "editor" });
    const { workspaceId } = await ann.client.query(api.documents.get, { documentId });
    expect(await bob.client.query(api.diagrams.list, {})).toMatchObject([
      { diagramId: innerId, documentId, workspaceId, role: "editor", shared: true },
    ]);
    await bob.client.mutation(api.diagrams.rename, { diagramId: innerId, title: "Ours" });
    await ann.client.mutation(api.documents.removeMember, { documentId, userId: bob.userId });
    expect(await seenByBob()).toBe("forbidden");
    expect(await bob.client.query(api.diagrams.list, {})).toEqual([]);
  });

  it("has no members of its own: the document's are listed, and cannot be changed here", async () => {
    const { ann, bob, documentId, innerId } = await arrange();
    await ann.client.mutation(api.documents.addMember, { documentId, email: bob.email, role: "viewer" });
    expect(await bob.client.query(api.diagrams.listMembers, { diagramId: innerId })).toEqual(
      await bob.client.query(api.documents.listMembers, { documentId }),
    );
    const add = ann.client.mutation(api.diagrams.addMember, {
      diagramId: innerId,
      email: bob.email,
      role: "editor",
    });
    await expect(add).rejects.toThrow("share the document instead");
    expect(await outcome(add)).toBe("invalid");
    const remove = ann.client.mutation(api.diagrams.removeMember, {
      diagramId: innerId,
      userId: bob.userId,
    });
    expect(await outcome(remove)).toBe("invalid");
  });

  it("is made with the document or the workspace, not with both", async () => {
    const { t, ann, documentId } = await arrange();
    const workspaceId = await personalWorkspaceOf(t, ann);
    const both = ann.client.mutation(api.diagrams.create, { title: "New", workspaceId, documentId });
    expect(await outcome(both)).toBe("invalid");
  });

  it("hides from who is in the workspace but may not see the document", async () => {
    const { t, ann, bob } = await arrange();
    const workspaceId = await sharedWorkspace(t, ann, bob);
    const documentId = await ann.client.mutation(api.documents.create, { title: "Private", workspaceId });
    await ann.client.mutation(api.diagrams.create, { title: "Inside", documentId });
    expect(await bob.client.query(api.diagrams.list, { workspaceId })).toHaveLength(1);
    await t.run((ctx) => ctx.db.patch(documentId, { workspaceRole: null }));
    expect(await bob.client.query(api.diagrams.list, { workspaceId })).toEqual([]);
    expect(await ann.client.query(api.diagrams.list, { workspaceId })).toHaveLength(1);
  });
});
