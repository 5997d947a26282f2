/** axe on every page, light and dark, and the way through all of it by keyboard alone. */
import type { Page } from "@playwright/test";
import { api } from "../convex/_generated/api";
import { seriousFindings } from "./axe";
import { closeAll, connectionOf, editorOf, newBrowserOf, openBrowserOf, typeAtEnd } from "./browser";
import { expect, test } from "./fixtures";
import { createPerson } from "./people";

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
    await signInPage.goto("/sign-in?create=1");
    await signInPage.getByRole("button", { name: "Create account" }).click();
    await expect(signInPage.getByRole("alert").first()).toBeVisible();
    expect.soft(await seriousFindings(signInPage), "create account, with messages").toEqual([]);

    const page = await openBrowserOf(browser, stack, ada);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect.soft(await seriousFindings(page), "workspace").toEqual([]);
    await page.getByRole("button", { name: /^Account/ }).click();
    await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
    expect.soft(await seriousFindings(page), "account menu").toEqual([]);
    await page.getByRole("menuitem", { name: "Offline copies" }).click();
    await expect(page.getByRole("dialog", { name: "Offline copies" }).getByRole("combobox")).toBeVisible();
    expect.soft(await seriousFindings(page), "offline copies").toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("option").first()).toBeVisible();
    expect.soft(await seriousFindings(page), "opening anything").toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await expect(page.getByRole("heading", { name: "Everywhere" })).toBeVisible();
    expect.soft(await seriousFindings(page), "keyboard shortcuts").toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "A document" }).hover();
    await page.getByRole("button", { name: "More about A document" }).click();
    await expect(page.getByRole("menuitem", { name: "Rename" })).toBeVisible();
    expect.soft(await seriousFindings(page), "an item's menu").toEqual([]);
    await page.keyboard.press("Escape");

    const workspaceId = await ada.convex.mutation(api.workspaces.create, { name: "Team" });
    const invitation = { workspaceId, email: null, role: "member", days: 1 } as const;
    const invited = await ada.convex.mutation(api.invitations.create, invitation);
    await page.goto(`/w/${workspaceId}`);
    await expect(page.getByRole("list", { name: "Open invitations" })).toBeVisible();
    expect.soft(await seriousFindings(page), "workspace and people").toEqual([]);
    const resource = { kind: "diagram", resourceId: diagramId } as const;
    await ada.convex.mutation(api.trash.put, resource);
    await page.goto("/trash");
    await expect(page.getByRole("button", { name: "Restore A diagram" })).toBeVisible();
    expect.soft(await seriousFindings(page), "trash").toEqual([]);
    await page.goto(`/g/${diagramId}`);
    await expect(page.getByRole("heading", { name: /in the trash/ })).toBeVisible();
    expect.soft(await seriousFindings(page), "something in the trash").toEqual([]);
    await ada.convex.mutation(api.trash.restore, resource);

    await signInPage.goto(`/invite/${invited}`);
    await expect(signInPage.getByRole("heading", { name: "Join Team" })).toBeVisible();
    expect.soft(await seriousFindings(signInPage), "invitation").toEqual([]);
    const link = await ada.convex.mutation(api.links.set, { ...resource, role: "viewer", days: 1 });
    await signInPage.goto(`/l/${link}`);
    await expect(signInPage.getByRole("button", { name: "Continue as a guest" })).toBeVisible();
    expect.soft(await seriousFindings(signInPage), "link").toEqual([]);

    await page.goto(`/d/${documentId}`);
    await typeAtEnd(page, "Words");
    await expect(page.getByRole("status", { name: "Connection" })).toContainText("Saved");
    expect.soft(await seriousFindings(page), "document").toEqual([]);
    await page.getByRole("button", { name: "About the connection" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect.soft(await seriousFindings(page), "about the connection").toEqual([]);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.getByRole("button", { name: "Share" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect.soft(await seriousFindings(page), "share dialog").toEqual([]);

    await page.goto(`/g/${diagramId}`);
    await expect(page.locator("canvas.interactive")).toBeVisible();
    expect.soft(await seriousFindings(page), "diagram").toEqual([]);
    await page.goto("/nowhere");
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
    expect.soft(await seriousFindings(page), "not found").toEqual([]);

    const oscar = await createPerson(stack, "Oscar");
    const outside = await newBrowserOf(browser, stack, oscar);
    await outside.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await outside.goto(`/d/${documentId}`);
    await expect(outside.getByRole("heading", { name: /have access/ })).toBeVisible();
    expect.soft(await seriousFindings(outside), "no access").toEqual([]);
    await closeAll(stranger, page.context(), outside.context());
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
  await expect(editorOf(page)).toBeFocused();
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

test("sharing, renaming, a drawing and the way out, by keyboard alone", async ({ browser, stack }) => {
  const [ada, bert] = [await createPerson(stack, "Ada"), await createPerson(stack, "Bert")];
  await ada.convex.mutation(api.documents.create, { title: "Shared" });
  await ada.convex.mutation(api.diagrams.create, { title: "Drawn" });
  const page = await openBrowserOf(browser, stack, ada);
  const { keyboard } = page;

  await tabTo(page, "Shared");
  await keyboard.press("F2");
  await keyboard.type("Renamed");
  await keyboard.press("Enter");
  const renamed = page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Renamed" });
  await expect(renamed).toBeFocused();
  await keyboard.press("Enter");
  await expect(editorOf(page)).toBeVisible();

  await tabTo(page, "Share");
  await keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.getByLabel("Add somebody by email").focus();
  await keyboard.type(bert.email);
  await keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Remove Bert" })).toBeVisible();
  await keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Share" })).toBeFocused();

  await tabTo(page, "Drawn");
  await keyboard.press("Enter");
  await expect(page.locator("canvas.interactive")).toBeVisible();
  await expect(connectionOf(page)).toContainText("Saved");
  await page.locator(".excalidraw.excalidraw-container").focus();
  await keyboard.press("t");
  await keyboard.press("Enter");
  await keyboard.type("Drawn by key");
  await keyboard.press("Escape");
  await keyboard.press("Escape");
  await expect(connectionOf(page)).toContainText("Saved");

  await tabTo(page, /Account/);
  await keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
  await keyboard.press("End");
  await keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await closeAll(page.context());
});

/**
 * Presses Tab until the element with this accessible name has the focus. The focused element is read in one step: a
 * page at work may replace it at any moment, and the next Tab goes on from where it was.
 */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 200; presses++) {
    await page.keyboard.press("Tab");
    const labels = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body) return [];
      const label = focused instanceof HTMLInputElement ? focused.labels?.[0]?.textContent : null;
      return [focused.getAttribute("aria-label"), focused.textContent, label].map(
        (text) => text?.trim() ?? "",
      );
    });
    if (labels.some((label) => (typeof name === "string" ? label === name : name.test(label)))) return;
  }
  throw new Error(`no Tab leads to ${String(name)}`);
}
