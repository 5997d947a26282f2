/** Opening and closing rooms leaves nothing behind in the page. */
import { api } from "../convex/_generated/api";
import { closeAll, connectionOf, editorOf, openBrowserOf } from "./browser";
import { expect, test } from "./fixtures";
import { countObjects } from "./heap";
import { createPerson } from "./people";

const ROUNDS = 100;

/** More rooms than may linger, so that every visit opens one. */
const DOCUMENTS = ["One", "Two", "Three", "Four"];
const DIAGRAMS = ["Five", "Six"];

/** What a room consists of in the page, with its editor: ours, and Excalidraw's `App`. */
const SESSION = ["Doc", "Awareness", "YPartyKitProvider", "IndexeddbPersistence"];
const DOCUMENT_EDITOR = "DocumentUndoManager";
const DIAGRAM_EDITOR = "_App";
const PARTS = [...SESSION, DOCUMENT_EDITOR, DIAGRAM_EDITOR];

const each = (names: string[], count: number) => Object.fromEntries(names.map((name) => [name, count]));

test("a hundred opens and closes of rooms leave no document, provider or socket", async ({
  browser,
  stack,
}) => {
  test.setTimeout(420_000);
  const ada = await createPerson(stack, "Ada");
  for (const title of DOCUMENTS) await ada.convex.mutation(api.documents.create, { title });
  for (const title of DIAGRAMS) await ada.convex.mutation(api.diagrams.create, { title });
  const page = await openBrowserOf(browser, stack, ada);
  const open = new Set<number>();
  let opened = 0;
  page.on("websocket", (socket) => {
    // The workspace's presence has one too, which stays: nobody leaves the workspace here.
    if (!socket.url().includes(`${stack.partykitHost}/parties/main/`)) return;
    const id = ++opened;
    open.add(id);
    socket.on("close", () => open.delete(id));
  });
  const sidebar = page.getByRole("navigation", { name: "Workspace" });
  const visit = async (title: string) => {
    await sidebar.getByRole("link", { name: title, exact: true }).click();
    await expect(page).toHaveTitle(new RegExp(title));
  };
  const leaveAll = async () => {
    await sidebar.getByRole("link", { name: "Ada's workspace" }).click();
    await expect.poll(() => open.size).toBe(0);
  };

  // The count has to be able to find each part: in a room that is open.
  await visit("One");
  await expect(editorOf(page)).toBeVisible();
  expect(await countObjects(page, PARTS)).toMatchObject(each([...SESSION, DOCUMENT_EDITOR], 1));
  await leaveAll();
  await visit("Five");
  await expect(connectionOf(page)).toContainText("Live");
  await expect(page.locator("canvas.interactive")).toBeVisible();
  expect(await countObjects(page, PARTS)).toMatchObject(each([...SESSION, DIAGRAM_EDITOR], 1));

  const titles = [...DOCUMENTS, ...DIAGRAMS];
  const openedBefore = opened;
  for (let round = 0; round < ROUNDS; round++) {
    await visit(titles[round % titles.length] ?? "One");
    // Most are left when they are live, some while they still connect.
    if (round % 8 !== 0) await expect(connectionOf(page)).toContainText("Live");
  }
  await leaveAll();
  expect(opened - openedBefore).toBeGreaterThan(ROUNDS * 0.85);
  const left = () => countObjects(page, PARTS);
  await expect.poll(left, { intervals: [1_000] }).toMatchObject(each([...SESSION, DOCUMENT_EDITOR], 0));
  // Excalidraw's development build, which this is, keeps its last instance in a global of its own.
  expect((await left())[DIAGRAM_EDITOR]).toBeLessThanOrEqual(1);
  await closeAll(page.context());
});
