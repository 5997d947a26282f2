/** What people type, paste and put into addresses to see whether something breaks: nothing runs, nothing overflows. */
import type { Page } from "@playwright/test";
import { api } from "../convex/_generated/api";
import { NAME_MAX_CHARS, TITLE_MAX_CHARS } from "../protocol/limits";
import { closeAll, connectionOf, editorOf, goToEnd, openBrowserOf, openDocument } from "./browser";
import { expect, test } from "./fixtures";
import { createPerson } from "./people";
import { sidebarOf } from "./team";

const SCRIPT = `<img src=x onerror="window.broken=1"><script>window.broken=1</script>`;
/** Turns around what follows it, where it is let. */
const TURNED = "\u202Etxt.exe\u202C";
const ARABIC = "مرحبا بالعالم";

/** Whether anything that was only text has run. */
const isBroken = (page: Page) => page.evaluate(() => "broken" in globalThis);

/** Whether something makes the page wider than the window. */
const overflows = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

test("titles, names and pasted content are text, however they look and however long they are", async ({
  browser,
  stack,
}) => {
  const ada = await createPerson(stack, `${SCRIPT.slice(0, 50)} ${ARABIC}`.slice(0, NAME_MAX_CHARS));
  const workspaceId = await ada.convex.mutation(api.workspaces.create, { name: `${SCRIPT} ${TURNED}` });
  const make = (title: string) => ada.convex.mutation(api.documents.create, { title, workspaceId });
  await expect(make("x".repeat(10_000))).rejects.toThrow(/longer than 200 characters/);
  await make(`${ARABIC} ${TURNED} 123`);
  await make("W".repeat(TITLE_MAX_CHARS));
  const documentId = await make(SCRIPT);

  const page = await openBrowserOf(browser, stack, ada);
  await page.goto(`/w/${workspaceId}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("<script>");
  await openDocument(page, documentId);
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue(SCRIPT);
  await expect(sidebarOf(page)).toContainText("<script>");

  await goToEnd(page);
  await page.evaluate((html) => {
    const data = new DataTransfer();
    data.setData(
      "text/html",
      `${html}<a href="javascript:window.broken=1">link</a><p>${"y".repeat(10_000)}</p>`,
    );
    document.activeElement?.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, SCRIPT);
  await expect(editorOf(page)).toContainText("yyyy");
  await expect(connectionOf(page)).toContainText("Saved");
  await expect(editorOf(page).locator("script, [onerror], a[href^='javascript']")).toHaveCount(0);
  expect(await overflows(page)).toBe(false);
  await page.setViewportSize({ width: 390, height: 800 });
  await goToEnd(page);
  await page.keyboard.press("Shift+ArrowLeft");
  await expect(page.locator(".bn-formatting-toolbar")).toBeVisible();
  expect(await overflows(page)).toBe(false);

  // A title is cut where it is typed, and turned text does not turn what stands beside it.
  await page.getByLabel("Title", { exact: true }).fill("z".repeat(10_000));
  await page.getByLabel("Title", { exact: true }).press("Enter");
  await expect(page).toHaveTitle(new RegExp(`^z{${TITLE_MAX_CHARS}}(?!z)`));
  await page.reload();
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("z".repeat(TITLE_MAX_CHARS));
  expect(await isBroken(page)).toBe(false);
  await closeAll(page.context());
});

test("addresses of what is another workspace's, of the wrong kind, and of nothing say so", async ({
  browser,
  stack,
}) => {
  const [ada, eve] = [await createPerson(stack, "Ada"), await createPerson(stack, "Eve")];
  const workspaceId = await ada.convex.mutation(api.workspaces.create, { name: "Engines" });
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Secret", workspaceId });
  const page = await openBrowserOf(browser, stack, eve);
  for (const path of [`/d/${documentId}`, `/g/${documentId}`, `/w/${workspaceId}`]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: /have access/ })).toBeVisible();
    await expect(page.getByRole("main")).not.toContainText("Secret");
  }
  for (const path of ["/d/%3Cscript%3E", `/d/${"x".repeat(3_000)}`, "/d/..%2f..%2fetc"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  }
  for (const path of ["/invite/%3Cscript%3E", `/l/${"x".repeat(3_000)}`]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: /is over|leads nowhere/ })).toBeVisible();
  }
  await closeAll(page.context());
});
