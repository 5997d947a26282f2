/** What becomes of the room of a document that is deleted for good: Convex tells PartyKit, until it has heard. */
import { WebSocket } from "ws";
import { api } from "../convex/_generated/api";
import { TOKEN_PARAM } from "../protocol/access";
import { CONTENT_DOOR } from "../protocol/backup";
import { CLOSE } from "../protocol/close-codes";
import { PARTY_PATH, roomIdFor } from "../protocol/rooms";
import type { Stack } from "../scripts/stack";
import { expect, test } from "./fixtures";
import { createPerson, tokenOf, type Person } from "./people";

async function documentOf(person: Person): Promise<string> {
  return person.convex.mutation(api.documents.create, { title: "Soon gone" });
}

async function deleteForever({ convex }: Person, documentId: string): Promise<void> {
  const resource = { kind: "doc", resourceId: documentId } as const;
  await convex.mutation(api.trash.put, resource);
  await convex.mutation(api.trash.deleteForever, resource);
}

/** Whether the room's own storage says that its document is gone. */
async function isBuried({ partykitHost, secrets }: Stack, documentId: string): Promise<boolean> {
  const url = `http://${partykitHost}${PARTY_PATH}/${roomIdFor("doc", documentId)}/${CONTENT_DOOR}`;
  const headers = { authorization: `Bearer ${secrets.ROOM_SERVICE_SECRET}` };
  return (await fetch(url, { headers })).status === 410;
}

test("closes the open sockets of a document that is deleted for good, and buries its room", async ({
  stack,
}) => {
  const ada = await createPerson(stack, "Ada");
  const documentId = await documentOf(ada);
  const query = new URLSearchParams({ [TOKEN_PARAM]: await tokenOf(ada, documentId) });
  const path = `${PARTY_PATH}/${roomIdFor("doc", documentId)}?${query}`;
  const socket = new WebSocket(`ws://${stack.partykitHost}${path}`);
  const opened = new Promise<void>((resolve, reject) => {
    socket.once("message", () => resolve());
    socket.once("error", reject);
  });
  const closed = new Promise<number>((resolve) => {
    socket.once("close", resolve);
  });
  await opened;
  expect(await isBuried(stack, documentId)).toBe(false);
  await deleteForever(ada, documentId);
  expect(await closed).toBe(CLOSE.deleted.code);
  expect(await isBuried(stack, documentId)).toBe(true);
});

test("buries a room whose PartyKit was down when its document was deleted", async ({ stack }) => {
  const ada = await createPerson(stack, "Ada");
  const documentId = await documentOf(ada);
  await stack.partykit.kill();
  try {
    await deleteForever(ada, documentId);
  } finally {
    await stack.partykit.start();
  }
  await expect.poll(() => isBuried(stack, documentId), { timeout: 45_000 }).toBe(true);
});
