/** Several tabs of one person in one document. */
import { api } from "../convex/_generated/api";
import {
  closeAll,
  connectionOf,
  expectSameText,
  newBrowserOf,
  openBrowserOf,
  openDocument,
  RECONNECT,
  typeAtEnd,
} from "./browser";
import { expect, test } from "./fixtures";
import { createPerson } from "./people";

/** A frame of a sync message that carries an update by itself, and not as an answer. */
const isUpdate = (payload: string | Buffer) =>
  typeof payload !== "string" && payload[0] === 0 && payload[1] === 2;

test("two tabs of one person are in step with and without servers, and are one person", async ({
  browser,
  stack,
}) => {
  test.setTimeout(180_000);
  const ada = await createPerson(stack, "Ada");
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Tabs" });
  const first = await newBrowserOf(browser, stack, ada);
  await openDocument(first, documentId);
  const second = await first.context().newPage();
  let forwarded = 0;
  second.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      if (isUpdate(payload)) forwarded++;
    });
  });
  await openDocument(second, documentId);
  for (const page of [first, second]) await expect(connectionOf(page)).toContainText("Live");

  await typeAtEnd(first, "online, ");
  await expectSameText([first, second], ["online, "]);
  await expect(connectionOf(first)).toContainText("Saved");
  expect(forwarded).toBe(0);
  for (const page of [first, second]) {
    await expect(page.getByRole("list", { name: "People here" })).toHaveCount(0);
  }

  await stack.partykit.kill();
  try {
    for (const page of [first, second]) await expect(connectionOf(page)).toContainText("Reconnecting");
    await typeAtEnd(first, "first offline, ");
    await expectSameText([first, second], ["online, first offline, "]);
    await typeAtEnd(second, "second offline");
    await expectSameText([first, second], ["online, first offline, second offline"]);
    for (const page of [first, second]) await expect(connectionOf(page)).toContainText("Kept on this device");
  } finally {
    await stack.partykit.start();
  }
  for (const page of [first, second]) await expect(connectionOf(page)).toContainText("Saved", RECONNECT);
  await expectSameText([first, second], ["online, first offline, second offline"]);
  await closeAll(first.context());
});

test("who signs out in one tab has signed out in the others, and nothing of theirs stays", async ({
  browser,
  stack,
}) => {
  const ada = await createPerson(stack, "Ada");
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Tabs" });
  const first = await openBrowserOf(browser, stack, ada);
  const second = await first.context().newPage();
  await openDocument(second, documentId);
  await typeAtEnd(second, "private");
  await expect(connectionOf(second)).toContainText("Saved");
  await first.getByRole("button", { name: /^Account/ }).click();
  await first.getByRole("menuitem", { name: "Sign out" }).click();
  for (const page of [first, second]) {
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(ada.userId);
  }
  await second.reload();
  await expect(second.getByRole("button", { name: "Sign in" })).toBeVisible();
  const left = await second.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  expect(left.filter((name) => name?.includes(ada.userId))).toEqual([]);
  await closeAll(first.context());
});
