/** axe on every page, light and dark, and the way through all of it by keyboard alone. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { AxeResults } from "axe-core";
import { api } from "../convex/_generated/api";
import { closeAll, editorOf, openBrowserOf } from "./browser";
import { expect, test } from "./fixtures";
import { createPerson } from "./people";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The findings that keep somebody from using the page: rule, and the elements it is about. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing serious on any page, ${colorScheme}`, async ({ browser, stack }) => {
    const ada = await createPerson(stack, "Ada");
    const documentId = await ada.convex.mutation(api.documents.create, { title: "A document" });
    const diagramId = await ada.convex.mutation(api.diagrams.create, { title: "A diagram" });
    const stranger = await browser.newContext({
      baseURL: stack.pageUrl,
      colorScheme,
      reducedMotion: "reduce",
    });
    const signInPage = await stranger.newPage();
    await signInPage.goto("/sign-in");
    await expect(signInPage.getByRole("button", { name: "Sign in" })).toBeVisible();
    expect.soft(await seriousFindings(signInPage), "sign-in").toEqual([]);

    const page = await openBrowserOf(browser, stack, ada);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect.soft(await seriousFindings(page), "workspace").toEqual([]);

    await page.goto(`/d/${documentId}`);
    await editorOf(page).click();
    await page.keyboard.type("Words");
    await expect(page.getByRole("status", { name: "Connection" })).toContainText("Saved");
    expect.soft(await seriousFindings(page), "document").toEqual([]);
    await page.getByRole("button", { name: "Share" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect.soft(await seriousFindings(page), "share dialog").toEqual([]);

    await page.goto(`/g/${diagramId}`);
    await expect(page.locator("canvas.interactive")).toBeVisible();
    expect.soft(await seriousFindings(page), "diagram").toEqual([]);
    await page.goto("/nowhere");
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
    expect.soft(await seriousFindings(page), "not found").toEqual([]);
    await closeAll(stranger, page.context());
  });
}

test("an account, a document and its title, by keyboard alone", async ({ browser, stack }) => {
  const context = await browser.newContext({ baseURL: stack.pageUrl });
  const page = await context.newPage();
  const { keyboard } = page;
  await page.goto("/sign-in?create=1");
  await page.getByLabel("Name").focus();
  await keyboard.type("Kay Board");
  await keyboard.press("Tab");
  await keyboard.type(`kay-${Date.now()}@example.org`);
  await keyboard.press("Tab");
  await keyboard.type("no mouse in the house");
  await keyboard.press("Enter");

  await expect(page.getByRole("button", { name: "New document" })).toBeVisible();
  await tabTo(page, "New document");
  await keyboard.press("Enter");
  await expect(editorOf(page)).toBeVisible();
  await tabTo(page, "Title");
  await keyboard.press("Control+a");
  await keyboard.type("Typed, not clicked");
  await keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "Typed, not clicked" })).toBeVisible();
  await tabTo(page, "Document");
  await keyboard.type("Hello from the keyboard");
  await expect(editorOf(page)).toContainText("Hello from the keyboard");
  await closeAll(context);
});

/** Presses Tab until the element with this accessible name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const focused = page.locator(":focus");
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if ((await focused.count()) === 0) continue;
    const isIt = await focused.evaluate(
      (element, wanted) =>
        [
          element.getAttribute("aria-label"),
          element.textContent,
          (element as HTMLInputElement).labels?.[0]?.textContent,
        ].some((label) => label?.trim() === wanted),
      name,
    );
    if (isIt) return;
  }
  throw new Error(`no Tab leads to "${name}"`);
}
