/** Three people and one document, all of it through the page: shared, followed, taken away. */
import { api } from "../convex/_generated/api";
import { closeAll, connectionOf, editorOf, openBrowserOf, openDocument, typeAtEnd } from "./browser";
import { expect, test } from "./fixtures";
import { createPerson } from "./people";
import { createTeam, enter, sidebarOf } from "./team";

test("one shares with two, presents to both, makes one a viewer and removes the other, while they have it open", async ({
  browser,
  stack,
}) => {
  const { ada, bert, workspaceId, make } = await createTeam(stack);
  const cleo = await createPerson(stack, "Cleo");
  const invitation = { workspaceId, email: cleo.email, role: "member", days: 1 } as const;
  const token = await ada.convex.mutation(api.invitations.create, invitation);
  await cleo.convex.mutation(api.invitations.accept, { token });
  const documentId = await make("Ours");
  await ada.convex.mutation(api.sharing.setWorkspaceRole, {
    kind: "doc",
    resourceId: documentId,
    role: null,
  });
  const [adas, berts, cleos] = [
    await openBrowserOf(browser, stack, ada),
    await openBrowserOf(browser, stack, bert),
    await openBrowserOf(browser, stack, cleo),
  ];
  const pages = [adas, berts, cleos];
  for (const page of pages) await enter(page, "Engines");

  await openDocument(adas, documentId);
  await adas.getByRole("button", { name: "Share" }).click();
  const dialog = adas.getByRole("dialog", { name: "Share this document" });
  for (const { email, name } of [bert, cleo]) {
    await dialog.getByLabel("Add somebody by email").fill(email);
    await dialog.getByRole("button", { name: "Add" }).click();
    await expect(dialog.getByLabel(`Role of ${name}`)).toBeVisible();
  }
  await adas.keyboard.press("Escape");
  await adas.getByRole("button", { name: "Present" }).click();
  for (const page of [berts, cleos]) {
    await expect(sidebarOf(page).getByRole("link", { name: "Ours" }).first()).toBeVisible();
    await page.getByRole("button", { name: "Follow", exact: true }).click();
    await expect(editorOf(page)).toHaveAttribute("contenteditable", "true");
  }
  await expect(adas.getByRole("status", { name: "Following" })).toContainText("2 people follow");
  await adas.getByRole("button", { name: "Stop presenting" }).click();

  await typeAtEnd(berts, "From Bert. ");
  for (const page of pages) await expect(editorOf(page)).toContainText("From Bert.");
  await adas.getByRole("button", { name: "Share" }).click();
  await dialog.getByLabel("Role of Bert").selectOption("Can view");
  await expect(editorOf(berts)).toHaveAttribute("contenteditable", "false");
  await expect(connectionOf(berts)).toContainText("Read only");
  await dialog.getByRole("button", { name: "Remove Cleo" }).click();
  await expect(cleos.getByRole("heading", { name: /have access/ })).toBeVisible();
  await expect(editorOf(berts)).toContainText("From Bert.");
  await closeAll(...pages.map((page) => page.context()));
});
