// @vitest-environment edge-runtime
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LINK_MAX_DAYS } from "../protocol/limits";
import { api, internal } from "./_generated/api";
import { deployment, outcome, person } from "./people.fixture";

const DAY_MS = 24 * 60 * 60 * 1000;

// Scheduled functions wait for timers: here they run when a test runs them.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function arrange() {
  const t = deployment();
  const ann = await person(t, "Ann");
  const zoe = await person(t, "Zoe");
  await t.run((ctx) => ctx.db.patch(zoe.userId, { isAnonymous: true }));
  const resourceId = await ann.client.mutation(api.documents.create, { title: "Plan" });
  const resource = { kind: "doc" as const, resourceId };
  const set = (role: "viewer" | "editor", days: number | null = null) =>
    ann.client.mutation(api.links.set, { ...resource, role, days });
  const roleOf = async () => (await zoe.client.query(api.documents.get, { documentId: resourceId })).role;
  return { t, ann, zoe, resource, resourceId, set, roleOf };
}

describe("a link", () => {
  it("leads somebody without an account in, with its role, for as long as it is there", async () => {
    const { t, ann, zoe, resource, set, roleOf } = await arrange();
    const token = await set("viewer");
    expect(await t.query(api.links.preview, { token })).toEqual({
      ...resource,
      title: "Plan",
      role: "viewer",
    });
    expect(await outcome(roleOf())).toBe("forbidden");
    expect(await zoe.client.mutation(api.links.open, { token })).toEqual(resource);
    await zoe.client.mutation(api.links.open, { token });
    expect(await roleOf()).toBe("viewer");
    expect(await zoe.client.query(api.tree.shared, {})).toMatchObject([resource]);
    expect((await ann.client.query(api.sharing.get, resource)).linkGuests).toMatchObject([{ name: "Zoe" }]);

    expect(await set("editor")).toBe(token);
    expect(await roleOf()).toBe("editor");
    await ann.client.mutation(api.links.revoke, resource);
    expect(await outcome(roleOf())).toBe("forbidden");
    expect(await outcome(zoe.client.mutation(api.links.open, { token }))).toBe("not_found");
    expect(await t.query(api.links.preview, { token })).toBeNull();
    expect(await set("viewer")).not.toBe(token);
    expect(await outcome(roleOf())).toBe("forbidden");
  });

  it("ends when it was said to, also for those who came by it", async () => {
    const { t, zoe, resourceId, set, roleOf } = await arrange();
    const token = await set("viewer", 2);
    await zoe.client.mutation(api.links.open, { token });
    vi.setSystemTime(Date.now() + 2 * DAY_MS);
    expect(await outcome(roleOf())).toBe("forbidden");
    expect(await outcome(zoe.client.mutation(api.links.open, { token }))).toBe("not_found");
    const link = () => t.run((ctx) => ctx.db.query("links").first());
    const linkId = (await link())?._id;
    if (linkId === undefined) throw new Error("nobody has removed it yet");
    await t.mutation(internal.links.expire, { linkId });
    await t.mutation(internal.links.forgetGuests, { linkId });
    expect(await link()).toBeNull();
    const guests = await t.run((ctx) => ctx.db.query("linkGuests").collect());
    expect(guests.filter((guest) => guest.resourceId === resourceId)).toEqual([]);
  });

  it("is not ended by the timer of an end that it had before", async () => {
    const { t, zoe, set, roleOf } = await arrange();
    const token = await set("viewer", 1);
    await set("viewer", 5);
    await zoe.client.mutation(api.links.open, { token });
    vi.setSystemTime(Date.now() + 2 * DAY_MS);
    const link = await t.run((ctx) => ctx.db.query("links").first());
    if (link === null) throw new Error("it has not ended");
    await t.mutation(internal.links.expire, { linkId: link._id });
    expect(await roleOf()).toBe("viewer");
  });

  it("given another role ends when it was to end, to the millisecond", async () => {
    const { t, ann, zoe, resource, set, roleOf } = await arrange();
    const change = () => ann.client.mutation(api.links.set, { ...resource, role: "editor" });
    expect(await outcome(change())).toBe("invalid");
    const token = await set("viewer", 2);
    await zoe.client.mutation(api.links.open, { token });
    vi.setSystemTime(Date.now() + 1.5 * DAY_MS);
    expect(await change()).toBe(token);
    expect(await roleOf()).toBe("editor");
    vi.setSystemTime(Date.now() + 0.5 * DAY_MS);
    expect(await outcome(roleOf())).toBe("forbidden");
    expect(await outcome(change())).toBe("invalid");
    expect(await t.run(async (ctx) => (await ctx.db.query("links").collect()).length)).toBe(1);

    await set("viewer", null);
    await change();
    vi.setSystemTime(Date.now() + 1000 * DAY_MS);
    expect((await ann.client.query(api.sharing.get, resource)).links).toMatchObject([
      { role: "editor", expiresAt: null },
    ]);
  });

  it.each([0, -1, 1.5, LINK_MAX_DAYS + 1, Number.NaN])("cannot last %d days", async (days) => {
    const { set } = await arrange();
    expect(await outcome(set("viewer", days))).toBe("invalid");
  });

  it("leads nowhere while what it is for is in the trash", async () => {
    const { t, ann, resource, set } = await arrange();
    const token = await set("viewer");
    await ann.client.mutation(api.trash.put, resource);
    expect(await t.query(api.links.preview, { token })).toBeNull();
    await ann.client.mutation(api.trash.restore, resource);
    expect(await t.query(api.links.preview, { token })).not.toBeNull();
  });

  it("lets edit, and not clear away, move, or make new things", async () => {
    const { zoe, resource, resourceId, set } = await arrange();
    await zoe.client.mutation(api.links.open, { token: await set("editor") });
    const call = zoe.client.mutation.bind(zoe.client);
    expect(await outcome(call(api.documents.rename, { documentId: resourceId, title: "New" }))).toBe("ok");
    expect(await outcome(call(api.trash.put, resource))).toBe("forbidden");
    expect(await outcome(call(api.documents.create, { title: "In", parentId: resourceId }))).toBe(
      "forbidden",
    );
    const to = { kind: "top", shelf: "private" } as const;
    expect(await outcome(call(api.moving.move, { ...resource, to, beforeId: null }))).toBe("forbidden");
  });

  it.each(["", "x", "0".repeat(40), "🦊".repeat(5000)])("is not guessed with %j", async (token) => {
    const { t, zoe, set } = await arrange();
    await set("viewer");
    expect(await t.query(api.links.preview, { token })).toBeNull();
    expect(await outcome(zoe.client.mutation(api.links.open, { token }))).toBe("not_found");
    expect(await outcome(t.mutation(api.links.open, { token }))).toBe("unauthenticated");
  });
});
