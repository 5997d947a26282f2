// @vitest-environment edge-runtime
import { describe, expect, it } from "vitest";
import { api, internal } from "./_generated/api";
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

/** The content comes from a room, which `e2e` has; this is what becomes of it here. */
async function arrange() {
  const t = deployment();
  const ann = await person(t, "Ann");
  const bob = await person(t, "Bob");
  const eve = await person(t, "Eve");
  const workspaceId = await sharedWorkspace(t, ann, bob, eve);
  const copy = async ({ client }: Person, resourceId: Id<"resources">) => {
    const fileId = await t.run((ctx) => ctx.storage.store(new Blob(["content"])));
    return client.mutation(internal.duplicating.makeCopy, { kind: "doc", resourceId, fileId });
  };
  const see = ({ client }: Person, documentId: Id<"resources">) =>
    outcome(client.query(api.documents.get, { documentId }));
  const given = async ({ client }: Person, resourceId: Id<"resources">) =>
    (await client.query(api.sharing.get, { kind: "doc", resourceId })).workspace.role;
  return { t, ann, bob, eve, workspaceId, copy, see, given };
}

describe("a copy", () => {
  it.each([null, "viewer", "editor"] as const)(
    "gives to everybody in the workspace what the original gives: %s",
    async (workspaceRole) => {
      const { t, ann, bob, eve, workspaceId, copy, see, given } = await arrange();
      const original = await makeResource(t, workspaceId, { workspaceRole });
      await giveRole(t, original, ann, "owner");
      await giveRole(t, original, bob, "viewer");
      for (const copier of [ann, bob]) {
        const copied = await copy(copier, original);
        expect(await copier.client.query(api.documents.get, { documentId: copied })).toMatchObject({
          role: "owner",
          workspaceId,
        });
        expect(await given(copier, copied)).toBe(workspaceRole);
        expect(await see(eve, copied)).toBe(workspaceRole === null ? "forbidden" : "ok");
      }
    },
  );

  it("by somebody from outside goes into their personal workspace, and is nobody else's", async () => {
    const { t, ann, workspaceId, copy, see } = await arrange();
    const zoe = await person(t, "Zoe");
    const original = await makeResource(t, workspaceId, { workspaceRole: "editor" });
    expect(await outcome(copy(zoe, original))).toBe("forbidden");
    await giveRole(t, original, zoe, "viewer");
    const copied = await copy(zoe, original);
    expect(await zoe.client.query(api.documents.get, { documentId: copied })).toMatchObject({
      role: "owner",
      workspaceId: await personalWorkspaceOf(t, zoe),
    });
    expect(await see(ann, copied)).toBe("forbidden");
  });
});
