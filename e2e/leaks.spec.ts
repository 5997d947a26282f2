/** Opening and closing rooms leaves nothing behind in the page. */
import { api } from "../convex/_generated/api";
import { closeAll, editorOf, openBrowserOf } from "./browser";
import { expect, test } from "./fixtures";
import { countObjects } from "./heap";
import { createPerson } from "./people";

const ROUNDS = 100;

/** What a room consists of. `DocumentUndoManager` and Excalidraw's `App` stand for the two editors. */
const PARTS_OF_A_ROOM = ["Doc", "Awareness", "YPartyKitProvider", "DocumentUndoManager", "App"];

test("a hundred opens and closes of rooms leave no document, provider or socket", async ({
  browser,
  stack,
}) => {
  test.setTimeout(300_000);
  const ada = await createPerson(stack, "Ada");
  for (const title of ["One", "Two", "Three"]) await ada.convex.mutation(api.documents.create, { title });
  await ada.convex.mutation(api.diagrams.create, { title: "Four" });
  const page = await openBrowserOf(browser, stack, ada);
  const open = new Set<string>();
  let opened = 0;
  page.on("websocket", (socket) => {
    if (!socket.url().includes(stack.partykitHost)) return;
    opened++;
    const id = `${opened}`;
    open.add(id);
    socket.on("close", () => open.delete(id));
  });

  const sidebar = page.getByRole("navigation", { name: "Workspace" });
  const live = page.getByRole("status", { name: "Connection" });
  const none = Object.fromEntries(PARTS_OF_A_ROOM.map((name) => [name, 0]));

  // The count has to be able to find something: a room that is open.
  await sidebar.getByRole("link", { name: "One" }).click();
  await expect(editorOf(page)).toBeVisible();
  expect(await countObjects(page, PARTS_OF_A_ROOM)).toMatchObject({ Doc: 1, YPartyKitProvider: 1 });

  for (let round = 0; round < ROUNDS; round++) {
    const title = ["Two", "Three", "Four", "One"][round % 4] ?? "One";
    await sidebar.getByRole("link", { name: title }).click();
    await expect(page).toHaveTitle(new RegExp(title));
    // Some are left before they are connected, some after.
    if (round % 3 === 0) await expect(live).toContainText("Live");
  }
  await sidebar.getByRole("link", { name: "Ada's workspace" }).click();
  await expect.poll(() => open.size).toBe(0);
  expect(opened).toBeGreaterThan(ROUNDS / 4);
  await expect.poll(() => countObjects(page, PARTS_OF_A_ROOM), { intervals: [1_000] }).toEqual(none);
  await closeAll(page.context());
});
