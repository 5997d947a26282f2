/**
 * What becomes of people's words when their role, their connection or their page changes while they write: they
 * reach the others, or the page says that they did not.
 */
import type { Page } from "@playwright/test";
import { api } from "../convex/_generated/api";
import type { Role } from "../protocol/roles";
import { DISPOSE_AFTER_MS } from "../src/collaboration/room-registry";
import type { Stack } from "../scripts/stack";
import { seriousFindingsInBoth } from "./axe";
import {
  blocksOf,
  closeAll,
  connectionOf,
  editorOf,
  expectSameText,
  newBrowserOf,
  openDocument,
  RECONNECT,
  typeAtEnd,
} from "./browser";
import { expect, test } from "./fixtures";
import { createPerson, type Person } from "./people";

/** A document of Ada's, and Bert with a role in it. */
async function sharedDocument(stack: Stack, role: Exclude<Role, "owner">) {
  const [ada, bert] = [await createPerson(stack, "Ada"), await createPerson(stack, "Bert")];
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Roles" });
  const become = (next: Role) =>
    ada.convex.mutation(api.documents.addMember, { documentId, email: bert.email, role: next });
  await become(role);
  return { ada, bert, documentId, become };
}

async function ownDocument(stack: Stack, title: string): Promise<{ ada: Person; documentId: string }> {
  const ada = await createPerson(stack, "Ada");
  return { ada, documentId: await ada.convex.mutation(api.documents.create, { title }) };
}

test("a viewer who becomes an editor while the page is open is heard, also after a reload", async ({
  browser,
  stack,
}) => {
  const { ada, bert, documentId, become } = await sharedDocument(stack, "viewer");
  const adas = await newBrowserOf(browser, stack, ada);
  await openDocument(adas, documentId);
  await typeAtEnd(adas, "From Ada. ");
  const berts = await newBrowserOf(browser, stack, bert);
  await berts.goto(`/d/${documentId}`);
  await expect(editorOf(berts)).toContainText("From Ada.");
  await expect(editorOf(berts)).toHaveAttribute("contenteditable", "false");

  await become("editor");
  await expect(editorOf(berts)).toHaveAttribute("contenteditable", "true");
  await typeAtEnd(berts, "From Bert. ");
  await expectSameText([adas, berts], ["From Ada.", "From Bert."]);
  await expect(connectionOf(berts)).toContainText("Saved");
  await berts.reload();
  await expectSameText([adas, berts], ["From Ada.", "From Bert."]);

  await become("viewer");
  await expect(editorOf(berts)).toHaveAttribute("contenteditable", "false");
  await expect(connectionOf(berts)).toContainText("Read only");
  await closeAll(adas.context(), berts.context());
});

test("a viewer of a diagram who becomes an editor can draw, and is heard", async ({ browser, stack }) => {
  const [ada, bert] = [await createPerson(stack, "Ada"), await createPerson(stack, "Bert")];
  const diagramId = await ada.convex.mutation(api.diagrams.create, { title: "Roles" });
  const become = (role: Role) =>
    ada.convex.mutation(api.diagrams.addMember, { diagramId, email: bert.email, role });
  await become("viewer");
  const page = await newBrowserOf(browser, stack, bert);
  await page.goto(`/g/${diagramId}`);
  await expect(connectionOf(page)).toContainText("Read only");
  await become("editor");
  const rectangle = page.locator('label:has([data-testid="toolbar-rectangle"])');
  await expect(rectangle).toBeVisible();
  await rectangle.click();
  const canvas = await page.locator("canvas.interactive").boundingBox();
  if (canvas === null) throw new Error("the diagram has no canvas");
  await page.mouse.move(canvas.x + 300, canvas.y + 250);
  await page.mouse.down();
  await page.mouse.move(canvas.x + 420, canvas.y + 350, { steps: 4 });
  await page.mouse.up();
  await expect(connectionOf(page)).toContainText("Saved");
  await become("viewer");
  await expect(connectionOf(page)).toContainText("Read only");
  await expect(rectangle).toBeHidden();
  await closeAll(page.context());
});

test("words written without a connection survive a visit to the workspace", async ({ browser, stack }) => {
  test.setTimeout(180_000);
  const { ada, documentId } = await ownDocument(stack, "Left behind");
  const page = await newBrowserOf(browser, stack, ada);
  await openDocument(page, documentId);
  await typeAtEnd(page, "before, ");
  await expect(connectionOf(page)).toContainText("Saved");
  await stack.partykit.kill();
  try {
    await expect(connectionOf(page)).toContainText("Reconnecting");
    await typeAtEnd(page, "and after");
    await page.getByRole("navigation", { name: "Workspace" }).locator('a[href="/"]').click();
    await expect(page.getByRole("button", { name: "New document" })).toBeVisible();
    // Twice the time after which a session that nobody holds goes, by the page's own clock.
    await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), 2 * DISPOSE_AFTER_MS);
  } finally {
    await stack.partykit.start();
  }
  await page
    .getByRole("link", { name: /Left behind/ })
    .first()
    .click();
  await expectSameText([page], ["before, and after"]);
  await expect(connectionOf(page)).toContainText("Saved", RECONNECT);
  await page.reload();
  await expectSameText([page], ["before, and after"]);
  await closeAll(page.context());
});

test("asks before unsaved words go with the person, and lets the page go: the device keeps them", async ({
  browser,
  stack,
}) => {
  test.setTimeout(180_000);
  const { ada, documentId } = await ownDocument(stack, "Unsaved");
  const page = await newBrowserOf(browser, stack, ada);
  await openDocument(page, documentId);
  await typeAtEnd(page, "saved, ");
  await expect(connectionOf(page)).toContainText("Saved");
  await stack.partykit.kill();
  try {
    await expect(connectionOf(page)).toContainText("Reconnecting");
    await typeAtEnd(page, "unsaved");
    await page.getByRole("button", { name: /Account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Stay signed in" }).click();
    expect((await blocksOf(page)).join()).toContain("unsaved");
    await expect(connectionOf(page)).toContainText("Kept on this device");
    const closed = page.waitForEvent("close");
    await page.close({ runBeforeUnload: true });
    await closed;
  } finally {
    await stack.partykit.start();
  }
  const again = await page.context().newPage();
  await openDocument(again, documentId);
  await expectSameText([again], ["saved, unsaved"]);
  await expect(connectionOf(again)).toContainText("Saved", RECONNECT);
  await closeAll(again.context());
});

const notAccepted = (page: Page) => page.getByRole("status", { name: "Changes that were not accepted" });

/** Words of which the room has the first, and only this device the rest; what happens before the rooms are back. */
async function writeTooLate(
  page: Page,
  stack: Stack,
  documentId: string,
  meanwhile: () => Promise<void>,
): Promise<void> {
  await openDocument(page, documentId);
  await typeAtEnd(page, "accepted, ");
  await expect(connectionOf(page)).toContainText("Saved");
  await stack.partykit.kill();
  try {
    await expect(connectionOf(page)).toContainText("Reconnecting");
    await typeAtEnd(page, "too late");
    await expect(connectionOf(page)).toContainText("Kept on this device");
    await meanwhile();
  } finally {
    await stack.partykit.start();
  }
}

for (const fate of ["downgraded", "removed"] as const) {
  test(`an editor who was ${fate} while offline is told that the words were not accepted, and keeps them`, async ({
    browser,
    stack,
  }) => {
    test.setTimeout(150_000);
    const { ada, bert, documentId, become } = await sharedDocument(stack, "editor");
    const page = await newBrowserOf(browser, stack, bert);
    await writeTooLate(page, stack, documentId, async () => {
      if (fate === "downgraded") {
        await become("viewer");
        await expect(editorOf(page)).toHaveAttribute("contenteditable", "false");
      } else {
        await ada.convex.mutation(api.documents.removeMember, { documentId, userId: bert.userId });
        await expect(page.getByRole("heading", { name: /have access/ })).toBeVisible();
      }
    });
    await expect(notAccepted(page)).toContainText("“Roles” were not accepted", RECONNECT);
    if (fate === "downgraded") {
      await expect(connectionOf(page)).toContainText("Read only", RECONNECT);
      await expectSameText([page], ["accepted, "]);
      await expect(editorOf(page)).not.toContainText("too late");
    }
    // Nothing of the document itself stays, and what was set aside outlives the page.
    await page.reload();
    await notAccepted(page).getByRole("button", { name: "See them" }).click();
    const dialog = page.getByRole("dialog", { name: "Changes that were not accepted" });
    await expect(dialog).toContainText("accepted, too late");
    if (fate === "downgraded") expect(await seriousFindingsInBoth(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Save as a new document" }).click();
    await expect(page).toHaveTitle(/Roles \(my changes\)/, RECONNECT);
    await expectSameText([page], ["accepted, too late"]);
    await expect(connectionOf(page)).toContainText("Saved");
    await expect(notAccepted(page)).not.toContainText("not accepted");
    const adas = await newBrowserOf(browser, stack, ada);
    await openDocument(adas, documentId);
    await expectSameText([adas], ["accepted, "]);
    await expect(editorOf(adas)).not.toContainText("too late");
    await closeAll(page.context(), adas.context());
  });
}

test("words of an earlier visit are kept when the refusal comes before the page has read its copy", async ({
  browser,
  stack,
}) => {
  test.setTimeout(120_000);
  const { ada, bert, documentId } = await sharedDocument(stack, "editor");
  const page = await newBrowserOf(browser, stack, bert);
  await writeTooLate(page, stack, documentId, async () => {
    const closed = page.waitForEvent("close");
    await page.close({ runBeforeUnload: true });
    await closed;
    await ada.convex.mutation(api.documents.removeMember, { documentId, userId: bert.userId });
  });
  await stack.convex.kill();
  const again = await page.context().newPage();
  await again.addInitScript((copy) => {
    // The session's own reading of the copy, which is the first, goes on when the page has told of the refusal.
    const open = indexedDB.open.bind(indexedDB);
    const openLate = (name: string, version?: number) => {
      const request = open(name, version);
      if (!name.endsWith(copy) || "isCopyOpen" in window) return request;
      Object.assign(window, { isCopyOpen: true });
      Object.defineProperty(request, "onsuccess", {
        set: (read: (event: Event) => void) => {
          request.addEventListener("success", (event) => {
            const look = setInterval(() => {
              if (!document.body.textContent.includes("not accepted")) return;
              clearInterval(look);
              read(event);
            }, 50);
          });
        },
      });
      return request;
    };
    Object.defineProperty(indexedDB, "open", { value: openLate });
  }, `/doc-${documentId}`);
  try {
    await again.goto(`/d/${documentId}`);
    await again.waitForFunction(() => "isCopyOpen" in window);
  } finally {
    await stack.convex.start();
  }
  await notAccepted(again).getByRole("button", { name: "See them" }).click();
  const dialog = again.getByRole("dialog", { name: "Changes that were not accepted" });
  await expect(dialog).toContainText("too late");
  await closeAll(again.context());
});
