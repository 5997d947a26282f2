/** Who gets through a room's door, over the real Convex functions and the real workerd. */
import { api } from "../convex/_generated/api";
import { GRANT_HEADER } from "../protocol/access";
import { roomIdFor } from "../protocol/rooms";
import type { Stack } from "../scripts/stack";
import { knock, listRooms, mintToken } from "./door";
import { expect, test } from "./fixtures";
import { createPerson, tokenOf } from "./people";

/** A document of Ada's that nobody ever opened, so that its room has no state yet. */
async function untouchedDocument(stack: Stack) {
  const ada = await createPerson(stack, "Ada");
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Untouched" });
  return { ada, documentId, roomId: roomIdFor("doc", documentId) };
}

test("refuses what is not a valid token for this room, without touching any room", async ({ stack }) => {
  const { ada, documentId, roomId } = await untouchedDocument(stack);
  const otherId = await ada.convex.mutation(api.documents.create, { title: "Another" });
  const before = listRooms(stack);

  const refused = {
    none: undefined,
    empty: "",
    garbage: "not.a.token",
    expired: await mintToken(stack, ada.userId, roomId, { lifetime: -60 }),
    "another room's": await tokenOf(ada, otherId),
    "signed with another key": await mintToken(stack, ada.userId, roomId, { secret: "x".repeat(43) }),
    "for another audience": await mintToken(stack, ada.userId, roomId, { audience: "convex" }),
  };
  for (const [what, token] of Object.entries(refused)) {
    expect.soft(await knock(stack, roomId, token), `token: ${what}`).toBe(401);
  }
  expect(listRooms(stack)).toEqual(before);
  expect(await knock(stack, roomId, await tokenOf(ada, documentId))).toBe(101);
});

test("refuses room ids that nobody could have been given, without touching any room", async ({ stack }) => {
  const { ada, documentId } = await untouchedDocument(stack);
  const before = listRooms(stack);
  for (const roomId of [
    "task-1",
    "doc-",
    "doc",
    `doc-${documentId}-2`,
    `DOC-${documentId}`,
    "doc-%2e%2e%20junk",
  ]) {
    const token = await mintToken(stack, ada.userId, roomId);
    expect.soft(await knock(stack, roomId, token), roomId).toBe(400);
  }
  expect(listRooms(stack)).toEqual(before);
});

test("refuses an outsider and a document that does not exist, without touching any room", async ({
  stack,
}) => {
  const { documentId, roomId } = await untouchedDocument(stack);
  const oscar = await createPerson(stack, "Oscar");
  const before = listRooms(stack);

  await expect(tokenOf(oscar, documentId)).rejects.toThrow(/forbidden/);
  expect(await knock(stack, roomId, await mintToken(stack, oscar.userId, roomId))).toBe(403);
  const nowhere = roomIdFor("doc", "z".repeat(32));
  expect(await knock(stack, nowhere, await mintToken(stack, oscar.userId, nowhere))).toBe(403);
  expect(listRooms(stack)).toEqual(before);
});

test("refuses a removed member at the next connect, though the token is still valid", async ({ stack }) => {
  const { ada, documentId, roomId } = await untouchedDocument(stack);
  const bert = await createPerson(stack, "Bert");
  await ada.convex.mutation(api.documents.addMember, { documentId, email: bert.email, role: "editor" });
  const token = await tokenOf(bert, documentId);
  expect(await knock(stack, roomId, token)).toBe(101);

  await ada.convex.mutation(api.documents.removeMember, { documentId, userId: bert.userId });
  expect(await knock(stack, roomId, token)).toBe(403);
  await expect(tokenOf(bert, documentId)).rejects.toThrow(/forbidden/);
});

test("refuses everybody with 503 while Convex is down, and admits them when it is back", async ({
  stack,
}) => {
  const { ada, documentId, roomId } = await untouchedDocument(stack);
  const token = await tokenOf(ada, documentId);
  await stack.convex.kill();
  try {
    expect(await knock(stack, roomId, token)).toBe(503);
  } finally {
    await stack.convex.start();
  }
  expect(await knock(stack, roomId, token)).toBe(101);
});

test("refuses plain HTTP to a room without the service secret", async ({ stack }) => {
  const { ada, roomId } = await untouchedDocument(stack);
  const before = listRooms(stack);
  const token = await mintToken(stack, ada.userId, roomId);
  const url = `http://${stack.partykitHost}/parties/main/${roomId}?token=${token}`;
  const attempts: Record<string, string>[] = [
    {},
    { authorization: `Bearer ${token}` },
    { [GRANT_HEADER]: JSON.stringify({ userId: ada.userId, role: "owner" }) },
  ];
  for (const headers of attempts) {
    for (const method of ["GET", "POST", "DELETE"]) {
      expect((await fetch(url, { method, headers })).status).toBe(401);
    }
  }
  expect(listRooms(stack)).toEqual(before);
});
