/** Between two workspaces: what moves from one to the other, who loses it and who gets it, and the end of one. */
import { api } from "../convex/_generated/api";
import { closeAll, editorOf, openBrowserOf, openDocument } from "./browser";
import { expect, test } from "./fixtures";
import { createTeam, enter, sidebarOf } from "./team";

test("a document moves to another workspace with what lies in it, and back; then its workspace ends", async ({
  browser,
  stack,
}) => {
  const { ada, bert, make } = await createTeam(stack);
  const boatsId = await ada.convex.mutation(api.workspaces.create, { name: "Boats" });
  const planId = await make("Plan");
  const partId = await ada.convex.mutation(api.documents.create, { title: "Part", parentId: planId });
  const [adas, berts] = [await openBrowserOf(browser, stack, ada), await openBrowserOf(browser, stack, bert)];
  await enter(adas, "Engines");
  await openDocument(berts, partId);
  await openDocument(adas, partId);

  // The way up stands above the title, and the star beside it.
  await expect(adas.getByRole("navigation", { name: "Where this is" })).toHaveText("Plan");
  await adas.getByRole("button", { name: "Favourite" }).click();
  const favourites = sidebarOf(adas).getByRole("list", { name: "Favourites" });
  await expect(favourites.getByRole("link", { name: "Part" })).toBeVisible();
  await adas.getByRole("navigation", { name: "Where this is" }).getByRole("link", { name: "Plan" }).click();

  const page = adas.getByRole("main");
  await page.getByRole("button", { name: "More about Plan" }).click();
  await adas.getByRole("menuitem", { name: "Move to…" }).click();
  await adas.getByRole("list", { name: "Places" }).getByRole("button", { name: "Boats everybody" }).click();
  await expect(sidebarOf(adas).getByRole("list", { name: "Engines" })).not.toContainText("Plan");
  await expect(berts.getByRole("heading", { name: /have access/ })).toBeVisible();
  await adas.getByRole("button", { name: "Undo" }).click();
  await expect(editorOf(berts)).toHaveAttribute("contenteditable", "true");
  await expect(sidebarOf(adas).getByRole("list", { name: "Engines" }).first()).toContainText("Plan");

  const toBoats = { kind: "top", shelf: "workspace", workspaceId: boatsId } as const;
  const plan = { kind: "doc", resourceId: planId } as const;
  await ada.convex.mutation(api.moving.move, { ...plan, to: toBoats, beforeId: null });
  await enter(adas, "Boats");
  await sidebarOf(adas).getByRole("link", { name: "Plan" }).click();
  await adas.goto(`/w/${boatsId}`);
  await adas.getByRole("button", { name: "Delete this workspace…" }).click();
  const dialog = adas.getByRole("dialog");
  await dialog.getByLabel("Type the name").fill("Boat");
  await expect(dialog.getByRole("button", { name: "Delete for good" })).toBeDisabled();
  await dialog.getByLabel("Type the name").fill("Boats");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(sidebarOf(adas).getByRole("link", { name: "Ada's workspace" })).toBeVisible();
  await adas.goto(`/d/${planId}`);
  await expect(adas.getByRole("heading", { name: /have access/ })).toBeVisible();
  await closeAll(adas.context(), berts.context());
});
