// @vitest-environment edge-runtime
import { describe, expect, it } from "vitest";
import { TITLE_MAX_CHARS, TREE_MAX_DEPTH } from "../protocol/limits";
import { api } from "./_generated/api";
import { deployment, outcome, person, personalWorkspaceOf, sharedWorkspace } from "./people.fixture";

async function arrange() {
  const t = deployment();
  const ann = await person(t, "Ann");
  const bob = await person(t, "Bob");
  const documentId = await ann.client.mutation(api.documents.create, { title: "Plan" });
  return { t, ann, bob, documentId };
}

describe("something new", () => {
  it("is private and the caller's, in the personal workspace", async () => {
    const { t, ann, documentId } = await arrange();
    const workspaceId = await personalWorkspaceOf(t, ann);
    const diagramId = await ann.client.mutation(api.diagrams.create, { title: "Map" });
    const stored = await t.run(async (ctx) => ({
      document: await ctx.db.get(documentId),
      diagram: await ctx.db.get(diagramId),
    }));
    const common = { workspaceId, parentId: null, icon: null, role: "owner" };
    expect(await ann.client.query(api.documents.get, { documentId })).toEqual({
      documentId,
      title: "Plan",
      createdAt: stored.document?._creationTime,
      ...common,
    });
    expect(await ann.client.query(api.diagrams.get, { diagramId })).toEqual({
      diagramId,
      title: "Map",
      createdAt: stored.diagram?._creationTime,
      ...common,
    });
    expect([stored.document?.workspaceRole, stored.diagram?.workspaceRole]).toEqual([null, null]);
  });

  it("is everybody's to edit in a shared workspace", async () => {
    const { t, ann, bob } = await arrange();
    const workspaceId = await sharedWorkspace(t, ann, bob);
    const documentId = await ann.client.mutation(api.documents.create, { title: "Ours", workspaceId });
    expect(await bob.client.query(api.documents.get, { documentId })).toMatchObject({ role: "editor" });
  });

  it("has the access of the document that it is made in, and its workspace", async () => {
    const { ann, bob, documentId } = await arrange();
    const diagramId = await ann.client.mutation(api.diagrams.create, { title: "In", parentId: documentId });
    expect(await outcome(bob.client.query(api.diagrams.get, { diagramId }))).toBe("forbidden");
    await ann.client.mutation(api.documents.addMember, { documentId, email: bob.email, role: "editor" });
    const { workspaceId } = await ann.client.query(api.documents.get, { documentId });
    expect(await bob.client.query(api.diagrams.get, { diagramId })).toMatchObject({
      parentId: documentId,
      workspaceId,
      role: "editor",
    });
    const made = await bob.client.mutation(api.documents.create, { title: "Bob's", parentId: documentId });
    expect(await ann.client.query(api.documents.get, { documentId: made })).toMatchObject({ role: "owner" });
  });

  it("goes into the document or the workspace that is named, not into both", async () => {
    const { t, ann, documentId } = await arrange();
    const workspaceId = await personalWorkspaceOf(t, ann);
    const both = { title: "New", workspaceId, parentId: documentId };
    expect(await outcome(ann.client.mutation(api.diagrams.create, both))).toBe("invalid");
  });

  it("lies in documents only, and not too deep", async () => {
    const { ann, documentId } = await arrange();
    const diagramId = await ann.client.mutation(api.diagrams.create, { title: "Map" });
    const inDiagram = { title: "New", parentId: diagramId };
    expect(await outcome(ann.client.mutation(api.documents.create, inDiagram))).toBe("forbidden");
    let parentId: string = documentId;
    for (let depth = 2; depth <= TREE_MAX_DEPTH; depth++) {
      parentId = await ann.client.mutation(api.documents.create, { title: `${depth}`, parentId });
    }
    const tooDeep = { title: "Too deep", parentId };
    expect(await outcome(ann.client.mutation(api.documents.create, tooDeep))).toBe("limit");
  });
});

describe("a title", () => {
  it.each(["", " \n ", "\u202e", "x".repeat(TITLE_MAX_CHARS + 1), "x".repeat(10_000)])(
    "cannot be %j",
    async (title) => {
      const { ann, documentId } = await arrange();
      expect(await outcome(ann.client.mutation(api.documents.create, { title }))).toBe("invalid");
      expect(await outcome(ann.client.mutation(api.diagrams.create, { title }))).toBe("invalid");
      expect(await outcome(ann.client.mutation(api.documents.rename, { documentId, title }))).toBe("invalid");
      expect((await ann.client.query(api.documents.get, { documentId })).title).toBe("Plan");
    },
  );

  it.each([
    [`  ${"<script>".padEnd(TITLE_MAX_CHARS, "א")}\n`, "<script>".padEnd(TITLE_MAX_CHARS, "א")],
    ["two\nlines\tand\u0000more", "two lines and more"],
    ["invoice\u202egpj.exe", "invoicegpj.exe"],
    ["شكرا 👩‍👩‍👧‍👦", "شكرا 👩‍👩‍👧‍👦"],
  ])("%j is kept as %j", async (typed, kept) => {
    const { ann, documentId } = await arrange();
    await ann.client.mutation(api.documents.rename, { documentId, title: typed });
    expect((await ann.client.query(api.documents.get, { documentId })).title).toBe(kept);
  });
});

describe("an icon", () => {
  it.each(["🌊", "👩‍👩‍👧‍👦", "🇨🇭", "❤️"])("can be %s, and be taken away again", async (icon) => {
    const { ann, documentId } = await arrange();
    const set = (next: string | null) =>
      ann.client.mutation(api.resources.setIcon, { kind: "doc", resourceId: documentId, icon: next });
    await set(icon);
    expect((await ann.client.query(api.documents.get, { documentId })).icon).toBe(icon);
    await set(null);
    expect((await ann.client.query(api.documents.get, { documentId })).icon).toBeNull();
  });

  it.each(["", "a", "🌊🌊", "<b>", "1", "👩".padEnd(40, "\u0301")])("cannot be %j", async (icon) => {
    const { ann, documentId } = await arrange();
    const attempt = ann.client.mutation(api.resources.setIcon, { kind: "doc", resourceId: documentId, icon });
    expect(await outcome(attempt)).toBe("invalid");
  });
});
