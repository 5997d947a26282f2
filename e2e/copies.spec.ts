/** What this device keeps, and how the person sees to it. */
import type { Browser, Page } from "@playwright/test";
import { api } from "../convex/_generated/api";
import type { Stack } from "../scripts/stack";
import { closeAll, connectionOf, expectSameText, openBrowserOf, openDocument, typeAtEnd } from "./browser";
import { expect, test } from "./fixtures";
import { createPerson, type Person } from "./people";

const createDocument = (person: Person, title: string) =>
  person.convex.mutation(api.documents.create, { title });

async function writeSaved(page: Page, documentId: string, words: string): Promise<void> {
  await openDocument(page, documentId);
  await typeAtEnd(page, words);
  await expect(connectionOf(page)).toContainText("Saved");
}

/** The rooms of which this browser profile has a copy. */
function copiesOf(page: Page, { userId }: Person): Promise<string[]> {
  return page.evaluate(async (prefix) => {
    const names = (await indexedDB.databases()).map(({ name = "" }) => name);
    return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  }, `ripple/${userId}/`);
}

async function openCopies(page: Page) {
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Offline copies" }).click();
  const dialog = page.getByRole("dialog", { name: "Offline copies" });
  const rowOf = (title: string) => dialog.getByRole("listitem").filter({ hasText: title });
  return { dialog, rowOf };
}

/** Has this browser profile answer yes when the page asks to keep its storage for good, until that is taken back. */
async function allowLastingStorage(browser: Browser, page: Page, stack: Stack): Promise<() => Promise<void>> {
  const pages = await page.context().newCDPSession(page);
  const { targetInfo } = await pages.send("Target.getTargetInfo");
  const session = await browser.newBrowserCDPSession();
  await session.send("Browser.grantPermissions", {
    permissions: ["durableStorage"],
    origin: stack.pageUrl,
    ...(targetInfo.browserContextId !== undefined && { browserContextId: targetInfo.browserContextId }),
  });
  return () => session.detach();
}

test("synced copies can be removed, one by one and all together; changes that are only here stay", async ({
  browser,
  stack,
}) => {
  const ada = await createPerson(stack, "Ada");
  const page = await openBrowserOf(browser, stack, ada);
  const [plan, notes, draft] = [
    await createDocument(ada, "Plan"),
    await createDocument(ada, "Notes"),
    await createDocument(ada, "Draft"),
  ];
  const disallow = await allowLastingStorage(browser, page, stack);
  for (const documentId of [plan, notes, draft]) await writeSaved(page, documentId, "words");
  await stack.partykit.kill();
  try {
    await expect(connectionOf(page)).toContainText("Reconnecting");
    await typeAtEnd(page, ", only here");
    await expect(connectionOf(page)).toContainText("Kept on this device");
    await page.goto("/");
    const { dialog, rowOf } = await openCopies(page);
    await expect(dialog.getByRole("listitem")).toHaveCount(3);
    // Asked for, and granted, with the first edit.
    await expect(dialog).toContainText("This browser keeps them until you remove them.");
    await expect(rowOf("Draft")).toContainText("only on this device");
    await dialog.getByRole("button", { name: "Remove the copy of Plan" }).click();
    await expect(rowOf("Plan")).toHaveCount(0);
    expect(await copiesOf(page, ada)).not.toContain(`doc-${plan}`);
    await dialog.getByRole("button", { name: "Remove all that are synced" }).click();
    await expect(dialog.getByRole("listitem")).toHaveCount(1);
    await expect(rowOf("Draft")).toContainText("only on this device");
    expect(await copiesOf(page, ada)).toEqual([`doc-${draft}`]);
    await page.goto(`/d/${draft}`);
    await expectSameText([page], ["words, only here"]);
  } finally {
    await stack.partykit.start();
  }
  await disallow();
  await closeAll(page.context());
});
