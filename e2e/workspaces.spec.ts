/** Two and three people in one workspace: how they get in, what they see of each other's work, and how it ends. */
import type { Page } from "@playwright/test";
import { api } from "../convex/_generated/api";
import {
  closeAll,
  connectionOf,
  editorOf,
  goToEnd,
  newBrowserOf,
  openBrowserOf,
  openDocument,
  typeAtEnd,
} from "./browser";
import { expect, test } from "./fixtures";
import { createPerson } from "./people";
import { createTeam, enter, sidebarOf } from "./team";

test("a workspace is made, somebody is invited, joins, works in it, and is removed", async ({
  browser,
  stack,
}) => {
  const [ada, bert] = [await createPerson(stack, "Ada"), await createPerson(stack, "Bert")];
  const adas = await openBrowserOf(browser, stack, ada);
  await adas.getByRole("button", { name: "Switch workspace" }).click();
  await adas.getByRole("menuitem", { name: "New workspace…" }).click();
  await adas.getByLabel("Name").fill("Engines");
  await adas.getByRole("button", { name: "Create workspace" }).click();
  await adas.getByLabel("Email address").fill(bert.email);
  await adas.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(adas.getByRole("list", { name: "Open invitations" })).toContainText(bert.email);

  const berts = await openBrowserOf(browser, stack, bert);
  await berts.getByRole("list", { name: "Invitations" }).getByRole("button", { name: "Join" }).click();
  await expect(sidebarOf(berts).getByRole("heading", { name: "Engines" })).toBeVisible();
  await expect(adas.getByRole("list", { name: "Open invitations" })).toBeHidden();

  await sidebarOf(berts).getByRole("button", { name: "New document" }).click();
  await berts.getByLabel("Title", { exact: true }).fill("From Bert");
  await berts.getByLabel("Title", { exact: true }).press("Enter");
  await expect(sidebarOf(adas).getByRole("link", { name: "From Bert" })).toBeVisible();

  await adas.getByRole("button", { name: "Remove Bert" }).click();
  await adas.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(berts.getByRole("heading", { name: /have access/ })).toBeVisible();
  await expect(sidebarOf(berts).getByRole("link", { name: "Bert's workspace" })).toBeVisible();
  await expect(sidebarOf(berts).getByRole("link", { name: "From Bert" })).toBeHidden();
  await closeAll(adas.context(), berts.context());
});

test("what a workspace is given reaches open pages at once: less, then nothing", async ({
  browser,
  stack,
}) => {
  const { ada, bert, make } = await createTeam(stack);
  const documentId = await make("Common");
  const [adas, berts] = [await newBrowserOf(browser, stack, ada), await newBrowserOf(browser, stack, bert)];
  await openDocument(berts, documentId);
  await openDocument(adas, documentId);
  await adas.getByRole("button", { name: "Share" }).click();
  const role = adas.getByLabel("Role of everybody in Engines");
  await role.selectOption("Can view");
  await expect(editorOf(berts)).toHaveAttribute("contenteditable", "false");
  await expect(connectionOf(berts)).toContainText("Read only");
  await role.selectOption("No access");
  await expect(berts.getByRole("heading", { name: /have access/ })).toBeVisible();
  await role.selectOption("Can edit");
  await expect(editorOf(berts)).toHaveAttribute("contenteditable", "true");
  await closeAll(adas.context(), berts.context());
});

test("a link lets somebody without an account write, until it is revoked", async ({ browser, stack }) => {
  const ada = await createPerson(stack, "Ada");
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Open house" });
  const adas = await newBrowserOf(browser, stack, ada);
  await openDocument(adas, documentId);
  await adas.getByRole("button", { name: "Share" }).click();
  await adas.getByLabel("Role of anyone with the link").selectOption("Can edit");
  await expect(adas.getByRole("button", { name: "Copy link for anyone" })).toBeVisible();
  const { links } = await ada.convex.query(api.sharing.get, { kind: "doc", resourceId: documentId });

  const context = await browser.newContext({ baseURL: stack.pageUrl });
  const zoes = await context.newPage();
  await zoes.goto(`/l/${links[0]?.token}`);
  await zoes.getByLabel("Your name").fill("Zoe");
  await zoes.getByRole("button", { name: "Continue as a guest" }).click();
  await typeAtEnd(zoes, "Hello from outside");
  await expect(connectionOf(zoes)).toContainText("Saved");
  await expect(adas.getByRole("dialog").getByRole("listitem").filter({ hasText: "Zoe" })).toContainText(
    "By the link",
  );
  await expect(editorOf(adas)).toContainText("Hello from outside");

  await adas.getByRole("button", { name: "Revoke" }).click();
  await expect(zoes.getByRole("heading", { name: /have access/ })).toBeVisible();
  await zoes.goto(`/l/${links[0]?.token}`);
  await expect(zoes.getByRole("heading", { name: /leads nowhere/ })).toBeVisible();
  await closeAll(context, adas.context());
});

test("a document goes into the trash under somebody's hands, and comes back with its words", async ({
  browser,
  stack,
}) => {
  const { ada, bert, make } = await createTeam(stack);
  const documentId = await make("Precious");
  const [adas, berts] = [await openBrowserOf(browser, stack, ada), await newBrowserOf(browser, stack, bert)];
  await enter(adas, "Engines");
  await openDocument(berts, documentId);
  await typeAtEnd(berts, "Do not lose me");
  await expect(connectionOf(berts)).toContainText("Saved");

  const row = sidebarOf(adas).getByRole("link", { name: "Precious" });
  await row.focus();
  await adas.keyboard.press("Delete");
  await expect(row).toBeHidden();
  await expect(berts.getByRole("heading", { name: "This document is in the trash" })).toBeVisible();
  await adas.getByRole("button", { name: "Undo" }).click();
  await expect(row).toBeVisible();
  await expect(editorOf(berts)).toContainText("Do not lose me");

  await row.focus();
  await adas.keyboard.press("Delete");
  await berts.getByRole("button", { name: "Restore this document" }).click();
  await expect(editorOf(berts)).toContainText("Do not lose me");
  await expect(row).toBeVisible();

  await row.focus();
  await adas.keyboard.press("Delete");
  await adas.getByRole("link", { name: "Trash" }).click();
  await adas.getByRole("button", { name: "Delete for good: Precious" }).click();
  await adas.getByRole("dialog").getByRole("button", { name: "Delete for good" }).click();
  await expect(adas.getByText("Nothing in the trash")).toBeVisible();
  await expect(berts.getByRole("heading", { name: /have access/ })).toBeVisible();
  await closeAll(adas.context(), berts.context());
});

test("documents move with what lies in them, by keyboard, by menu and by dragging", async ({
  browser,
  stack,
}) => {
  const { ada, bert, make } = await createTeam(stack);
  const [third, second] = [await make("Third"), await make("Second")];
  await make("First");
  await ada.convex.mutation(api.documents.create, { title: "Inside", parentId: third });
  const [adas, berts] = [await openBrowserOf(browser, stack, ada), await openBrowserOf(browser, stack, bert)];
  await enter(adas, "Engines");
  await enter(berts, "Engines");
  const link = (page: Page, name: string) => sidebarOf(page).getByRole("link", { name, exact: true });
  const titles = async (page: Page) => {
    const links = sidebarOf(page).getByRole("list", { name: "Engines" }).first().getByRole("link");
    // What every workspace starts with stays behind what is made in it.
    return (await links.allTextContents()).filter((title) => !/(Start|Draw) here$/.test(title));
  };

  await link(adas, "Second").focus();
  await adas.keyboard.press("Alt+ArrowDown");
  await expect.poll(() => titles(berts)).toEqual(["First", "Third", "Second"]);

  await link(adas, "Third").dragTo(link(adas, "Second"));
  await expect.poll(() => titles(berts)).toEqual(["First", "Second"]);
  await link(berts, "Second").focus();
  await berts.keyboard.press("ArrowRight");
  await link(berts, "Third").focus();
  await berts.keyboard.press("ArrowRight");
  await expect.poll(() => titles(berts)).toEqual(["First", "Second", "Third", "Inside"]);

  await link(adas, "Second").hover();
  await sidebarOf(adas).getByRole("button", { name: "More about Second" }).click();
  await adas.getByRole("menuitem", { name: "Move to…" }).click();
  await adas.getByLabel("Where to").fill("Fir");
  await adas.getByRole("list", { name: "Places" }).getByRole("button", { name: "First" }).click();
  await expect.poll(() => titles(berts)).toEqual(["First"]);
  await berts.goto(`/d/${second}`);
  await expect.poll(() => titles(berts)).toEqual(["First", "Second", "Third", "Inside"]);
  await closeAll(adas.context(), berts.context());
});

test("Ctrl-K opens documents, people and actions by name; ? shows the keys", async ({ browser, stack }) => {
  const { ada, make } = await createTeam(stack);
  const documentId = await make("Budget for next year");
  const page = await openBrowserOf(browser, stack, ada);
  await enter(page, "Engines");
  const open = async (typed: string, option: string) => {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("combobox", { name: /Open anything/ })).toBeFocused();
    await page.keyboard.type(typed);
    await expect(page.getByRole("dialog").getByRole("option", { selected: true })).toContainText(option);
    await page.keyboard.press("Enter");
  };
  await open("next", "Budget for next year");
  await expect(page).toHaveURL(new RegExp(`/d/${documentId}$`));
  await expect(editorOf(page)).toBeVisible();
  await open("bert", "Bert");
  await expect(page.getByRole("heading", { name: "People", exact: true })).toBeVisible();
  await open("tra", "Trash");
  await expect(page.getByRole("heading", { name: "Trash", level: 1 })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await closeAll(page.context());
});

test("a new workspace explains itself, and what is in it can be copied, words and shapes", async ({
  browser,
  stack,
}) => {
  const { ada } = await createTeam(stack);
  const page = await openBrowserOf(browser, stack, ada);
  await enter(page, "Engines");
  await sidebarOf(page).getByRole("link", { name: "Start here" }).click();
  await expect(editorOf(page).getByRole("heading", { name: "Bring others in" })).toBeVisible();
  await goToEnd(page, "Click into this line");
  await page.keyboard.type(" Like this.");
  await expect(connectionOf(page)).toContainText("Saved");

  await sidebarOf(page).getByRole("link", { name: "Start here" }).hover();
  await sidebarOf(page).getByRole("button", { name: "More about Start here" }).click();
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("Start here (copy)");
  await expect(editorOf(page)).toContainText("as it comes. Like this.");

  await sidebarOf(page).getByRole("link", { name: "Draw here" }).click();
  await expect(page.locator("canvas.interactive")).toBeVisible();
  await expect(connectionOf(page)).toContainText("Saved");
  await closeAll(page.context());
});
