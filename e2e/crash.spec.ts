/**
 * `kill -9` of a server in the middle of typing. What had reached the server is there afterwards, and what had
 * not arrives from the open pages, by itself.
 */
import { api } from "../convex/_generated/api";
import { roomIdFor } from "../protocol/rooms";
import {
  closeAll,
  connectionOf,
  editorOf,
  expectSameText,
  goToEnd,
  newBrowserOf,
  openDocument,
  RECONNECT,
  typeAtEnd,
} from "./browser";
import { knock } from "./door";
import { expect, test } from "./fixtures";
import { createPerson, tokenOf } from "./people";

for (const victim of ["partykit", "convex"] as const) {
  test(`nothing is lost when ${victim} is killed in the middle of typing`, async ({ browser, stack }) => {
    test.setTimeout(180_000);
    const [ada, bert] = [await createPerson(stack, "Ada"), await createPerson(stack, "Bert")];
    const documentId = await ada.convex.mutation(api.documents.create, { title: "Crash" });
    await ada.convex.mutation(api.documents.addMember, { documentId, email: bert.email, role: "editor" });
    const pages = [
      await newBrowserOf(browser, stack, ada),
      await newBrowserOf(browser, stack, bert),
    ] as const;
    await Promise.all(pages.map((page) => openDocument(page, documentId)));

    const words = (name: string) => Array.from({ length: 40 }, (_, i) => `${name}${i}`);
    await typeAtEnd(pages[0], "ada: ");
    await pages[0].keyboard.press("Enter");
    await pages[0].keyboard.type("bert: ");
    await expectSameText([...pages], ["ada: ", "bert: "]);
    await goToEnd(pages[0], "ada:");
    await goToEnd(pages[1], "bert:");

    const typing = Promise.all([
      pages[0].keyboard.type(`${words("a").join(" ")} `, { delay: 20 }),
      pages[1].keyboard.type(`${words("b").join(" ")} `, { delay: 20 }),
    ]);
    await expect(editorOf(pages[1])).toContainText("a10 ");
    await stack[victim].kill();
    await typing;
    await stack[victim].start();
    const expected = [words("a").join(" "), words("b").join(" ")];
    await expectSameText([...pages], expected);

    // A server that lost it could have been mended by the open pages; so they all go before somebody looks. That
    // nothing is lost in the first kill alone is what partykit/tests/faults.test.ts proves.
    for (const page of pages) await expect(connectionOf(page)).toContainText("Saved", RECONNECT);
    await Promise.all(pages.map((page) => page.goto("/")));
    await stack.partykit.kill();
    await stack.partykit.start();
    await openDocument(pages[1], documentId);
    await expectSameText([pages[1]], expected);
    await closeAll(...pages.map((page) => page.context()));
  });
}

test("a page recovers by itself when both servers were down", async ({ browser, stack }) => {
  test.setTimeout(180_000);
  const ada = await createPerson(stack, "Ada");
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Both down" });
  const page = await newBrowserOf(browser, stack, ada);
  await openDocument(page, documentId);
  await stack.convex.kill();
  await stack.partykit.kill();
  await typeAtEnd(page, "written while everything was down");
  await stack.partykit.start();
  await stack.convex.start();

  const second = await newBrowserOf(browser, stack, ada);
  await openDocument(second, documentId);
  await expectSameText([page, second], ["written while everything was down"]);
  await closeAll(page.context(), second.context());
});

test("a page that the room refuses with 503 gets in by itself when Convex answers again", async ({
  browser,
  stack,
}) => {
  test.setTimeout(180_000);
  const ada = await createPerson(stack, "Ada");
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Refused" });
  const page = await newBrowserOf(browser, stack, ada);
  await openDocument(page, documentId);
  // The page itself still reaches Convex, and gets a token for each attempt.
  stack.lineToConvex.cut();
  try {
    await stack.partykit.kill();
    await stack.partykit.start();
    await expect(connectionOf(page)).toContainText("Reconnecting");
    expect(await knock(stack, roomIdFor("doc", documentId), await tokenOf(ada, documentId))).toBe(503);
    await typeAtEnd(page, "written while nobody was let in");
  } finally {
    stack.lineToConvex.mend();
  }
  await expect(connectionOf(page)).toContainText("Saved", RECONNECT);
  await closeAll(page.context());
});
