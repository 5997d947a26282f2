// @vitest-environment edge-runtime
import { describe, expect, it } from "vitest";
import { colorForUser } from "../protocol/colors";
import { api } from "./_generated/api";
import { deployment, person, personalWorkspaceOf, sharedWorkspace } from "./people.fixture";

describe("users.me", () => {
  it("is null for who is not signed in, and for whose account is gone", async () => {
    const t = deployment();
    expect(await t.query(api.users.me, {})).toBeNull();
    const gus = await person(t, "Gus");
    await t.run((ctx) => ctx.db.delete(gus.userId));
    expect(await gus.client.query(api.users.me, {})).toBeNull();
  });

  it("shows the caller, in the colour in which others see them", async () => {
    const t = deployment();
    const ann = await person(t, "Ann");
    const me = await ann.client.query(api.users.me, {});
    expect(me).toEqual({
      userId: ann.userId,
      name: "Ann",
      email: "ann@example.com",
      color: colorForUser(ann.userId),
      anonymous: false,
    });
    const documentId = await ann.client.mutation(api.documents.create, { title: "Plan" });
    const { people } = await ann.client.query(api.sharing.get, { kind: "doc", resourceId: documentId });
    expect(people[0]?.person.color).toBe(me?.color);
  });
});

describe("workspaces.list", () => {
  it("shows the caller's workspaces only, the personal one first", async () => {
    const t = deployment();
    const zoe = await person(t, "Zoe");
    await person(t, "Ann");
    const workspaceId = await sharedWorkspace(t, zoe);
    expect(await zoe.client.query(api.workspaces.list, {})).toEqual([
      {
        workspaceId: await personalWorkspaceOf(t, zoe),
        name: "Zoe's workspace",
        personal: true,
        role: "admin",
      },
      { workspaceId, name: "Team", personal: false, role: "member" },
    ]);
  });
});

describe("a person's colour", () => {
  it("is the same today as it was, for it is stored nowhere", () => {
    expect(["", "a", "k17c9p4x2m", "k17c9p4x2n"].map(colorForUser)).toEqual([
      "#9c36b5",
      "#1971c2",
      "#7d5a3c",
      "#c92a2a",
    ]);
  });
});
