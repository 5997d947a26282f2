/** A room is entered when its link is pressed, and not by a pointer that only passes over links. */
import { api } from "../convex/_generated/api";
import { closeAll, connectionOf, openBrowserOf } from "./browser";
import { expect, test } from "./fixtures";
import { createPerson } from "./people";

test("a room opens with the press of its link, before its page is there", async ({ browser, stack }) => {
  const ada = await createPerson(stack, "Ada");
  const ids: string[] = [];
  for (let i = 0; i < 8; i++)
    ids.push(await ada.convex.mutation(api.documents.create, { title: `Link ${i}` }));
  const page = await openBrowserOf(browser, stack, ada);
  const opened: string[] = [];
  page.on("websocket", (socket) => {
    const id = ids.find((documentId) => socket.url().includes(documentId));
    if (id !== undefined) opened.push(id);
  });
  const links = page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: /^Link/ });
  await expect(links).toHaveCount(8);
  const first = await links.first().boundingBox();
  const last = await links.last().boundingBox();
  if (first === null || last === null) throw new Error("the links have no place");

  // Down the whole list in one sweep, and out of it.
  await page.mouse.move(first.x + 20, first.y + 5);
  await page.mouse.move(last.x + 20, last.y + 5, { steps: 30 });
  await page.mouse.move(900, 400);
  const pressed = links.nth(3);
  const place = await pressed.boundingBox();
  const href = await pressed.getAttribute("href");
  if (place === null || href === null) throw new Error("the link has no place");
  await page.mouse.move(place.x + 20, place.y + 5);
  await page.mouse.down();
  await expect.poll(() => opened.map((id) => `/d/${id}`)).toContain(href);
  await expect(page).toHaveTitle(/Workspace/);
  await page.mouse.up();
  await expect(connectionOf(page)).toContainText("Live");
  // The page took over the session that was there. A rest on the way, on a slow machine, may have opened another.
  expect(opened.filter((id) => href.endsWith(id)).length).toBe(1);
  expect(opened.length).toBeLessThanOrEqual(3);
  await closeAll(page.context());
});
