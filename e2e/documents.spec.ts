/** Two people in one document, each in a browser of their own. */
import type { Page } from "@playwright/test";
import { api } from "../convex/_generated/api";
import {
  blocksOf,
  closeAll,
  editorOf,
  expectSameText,
  goToEnd,
  goToStart,
  newBrowserOf,
  openDocument,
  typeAtEnd,
} from "./browser";
import { expect, test as base } from "./fixtures";
import { createPerson } from "./people";

interface Two {
  /** Ada's and Bert's page, both in the same new document. */
  ada: Page;
  bert: Page;
  documentId: string;
}

const test = base.extend<{ two: Two }>({
  two: async ({ browser, stack }, use) => {
    const [ada, bert] = [await createPerson(stack, "Ada"), await createPerson(stack, "Bert")];
    const documentId = await ada.convex.mutation(api.documents.create, { title: "Together" });
    await ada.convex.mutation(api.documents.addMember, { documentId, email: bert.email, role: "editor" });
    const pages = {
      ada: await newBrowserOf(browser, stack, ada),
      bert: await newBrowserOf(browser, stack, bert),
    };
    await Promise.all([openDocument(pages.ada, documentId), openDocument(pages.bert, documentId)]);
    await use({ ...pages, documentId });
    await closeAll(pages.ada.context(), pages.bert.context());
  },
});

const typing = { delay: 15 };

test("both type at the very start of an empty document, and nothing is missing", async ({ two }) => {
  const { ada, bert } = two;
  await Promise.all([goToEnd(ada), goToEnd(bert)]);
  await Promise.all([
    ada.keyboard.type("ABCDEFGHIJKLMNOPQRSTUVWXYZ", typing),
    bert.keyboard.type("abcdefghijklmnopqrstuvwxyz", typing),
  ]);
  await expect(async () => {
    const [seenByAda, seenByBert] = [await blocksOf(ada), await blocksOf(bert)];
    expect(seenByAda).toEqual(seenByBert);
    const letters = Array.from(seenByAda.join("")).sort().join("");
    expect(letters).toBe("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
  }).toPass();
});

test("both type in the same paragraph at once, and each one's words stay whole", async ({ two }) => {
  const { ada, bert } = two;
  await typeAtEnd(ada, "start  end");
  await expectSameText([ada, bert], ["start  end"]);

  await goToStart(bert, "start");
  await goToEnd(ada);
  await Promise.all([
    ada.keyboard.type(" and Ada writes a long sentence behind it", typing),
    bert.keyboard.type("Bert writes a long sentence before it and ", typing),
  ]);
  await expectSameText(
    [ada, bert],
    ["Bert writes a long sentence before it and start  end and Ada writes a long sentence behind it"],
  );
});

test("both type in different blocks at once", async ({ two }) => {
  const { ada, bert } = two;
  await typeAtEnd(ada, "first");
  await ada.keyboard.press("Enter");
  await ada.keyboard.type("second");
  await expectSameText([ada, bert], ["first\nsecond"]);

  await goToEnd(bert, "first");
  await Promise.all([
    ada.keyboard.type(" block, written by Ada", typing),
    bert.keyboard.type(" block, written by Bert", typing),
  ]);
  await expectSameText([ada, bert], ["first block, written by Bert\nsecond block, written by Ada"]);
});

test("each sees the other's name and cursor, and not when the other has left", async ({ two }) => {
  const { ada, bert } = two;
  await typeAtEnd(ada, "Here I am");
  await expect(bert.locator('[data-cursor-of="Ada"]')).toBeVisible();
  await goToStart(bert, "Here");
  await expect(ada.locator('[data-cursor-of="Bert"]')).toBeVisible();
  await expect(ada.locator('[data-cursor-of="Ada"]')).toHaveCount(0);
  await expect(ada.getByRole("list", { name: "People here" })).toContainText("Bert");
  await expect(async () => {
    await goToStart(bert, "Here");
    // What comes from Ada before ProseMirror has heard of the key takes it back.
    await bert.keyboard.press("Shift+End");
    await expect(ada.locator(".ProseMirror-yjs-selection")).toHaveText("Here I am", { timeout: 2_000 });
  }).toPass();

  await bert.context().close();
  await expect(ada.locator('[data-cursor-of="Bert"]')).toHaveCount(0);
});

test("undo takes back one's own changes only, also after leaving the page and coming back", async ({
  two,
}) => {
  const { ada, bert } = two;
  // At once: what is typed slowly is taken back in more steps than one.
  await goToEnd(ada);
  await ada.keyboard.insertText("mine ");
  await expectSameText([ada, bert], ["mine "]);
  await typeAtEnd(bert, "yours");
  await expectSameText([ada, bert], ["mine yours"]);

  await ada.getByRole("link", { name: "Ada's workspace" }).click();
  await expect(editorOf(ada)).toHaveCount(0);
  await ada.goBack();
  await editorOf(ada).click();
  await ada.keyboard.press("Control+z");
  for (const page of [ada, bert]) {
    await expect.poll(async () => (await blocksOf(page)).join("")).toBe("yours");
  }
});

test("a reload shows what was written", async ({ two }) => {
  const { ada, bert } = two;
  await typeAtEnd(ada, "It stays.");
  await expectSameText([ada, bert], ["It stays."]);
  await bert.reload();
  await expectSameText([bert], ["It stays."]);
});
