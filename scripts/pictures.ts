/** `npm run pictures`: takes the README's pictures anew, of two real people in real browsers. */
import { mkdirSync } from "node:fs";
import { chromium, type Page } from "@playwright/test";
import { api } from "../convex/_generated/api";
import { goToEnd, openBrowserOf, openDocument } from "../e2e/browser";
import { createPerson } from "../e2e/people";
import { enter } from "../e2e/team";
import { ensureChromium } from "./chromium";
import { startStack } from "./stack";

const DIRECTORY = "docs/pictures";

const stack = await startStack();
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});

async function type(page: Page, lines: string[]): Promise<void> {
  for (const line of lines) {
    await page.keyboard.type(line, { delay: 4 });
    await page.keyboard.press("Enter");
  }
}

try {
  mkdirSync(DIRECTORY, { recursive: true });
  const [ada, grace] = [await createPerson(stack, "Ada Lovelace"), await createPerson(stack, "Grace Hopper")];
  const workspaceId = await ada.convex.mutation(api.workspaces.create, { name: "Engines" });
  const invitation = { workspaceId, email: grace.email, role: "member", days: 1 } as const;
  const token = await ada.convex.mutation(api.invitations.create, invitation);
  await grace.convex.mutation(api.invitations.accept, { token });
  const make = (title: string, where: { workspaceId: string } | { parentId: string } = { workspaceId }) =>
    ada.convex.mutation(api.documents.create, { title, ...where });
  // Not every machine has a font with the emoji of what a workspace begins with.
  const first = { workspaceId, paginationOpts: { numItems: 10, cursor: null } };
  for (const { kind, resourceId } of (await ada.convex.query(api.tree.workspace, first)).page) {
    await ada.convex.mutation(api.resources.setIcon, { kind, resourceId, icon: null });
  }
  await make("Notes from Monday");
  const diagramId = await ada.convex.mutation(api.diagrams.create, {
    title: "How it fits together",
    workspaceId,
  });
  const planId = await make("Launch");
  const documentId = await make("Launch plan", { parentId: planId });
  const pages = {
    ada: await openBrowserOf(browser, stack, ada),
    grace: await openBrowserOf(browser, stack, grace),
  };
  for (const page of Object.values(pages)) await page.setViewportSize({ width: 1280, height: 720 });

  for (const page of Object.values(pages)) await enter(page, "Engines");
  await Promise.all(Object.values(pages).map((page) => openDocument(page, documentId)));
  await goToEnd(pages.ada);
  await type(pages.ada, ["# What we want", "People write and draw together, and nothing they type is lost."]);
  await type(pages.ada, ["## Before the launch", "- Try it on a slow line"]);
  await pages.ada.keyboard.type("Ask five teams what they miss");
  await goToEnd(pages.grace, "Ask five teams");
  await pages.grace.keyboard.type(", and then five more", { delay: 4 });
  await pages.ada.locator('[data-cursor-of="Grace Hopper"]').waitFor();
  await pages.ada.getByText("Saved").waitFor();
  await pages.ada.screenshot({ path: `${DIRECTORY}/document.png` });
  await pages.ada.emulateMedia({ colorScheme: "dark" });
  await pages.ada.screenshot({ path: `${DIRECTORY}/document-dark.png` });
  await pages.ada.emulateMedia({ colorScheme: "light" });

  for (const page of Object.values(pages)) {
    await page.goto(`/g/${diagramId}`);
    await page.locator("canvas.interactive").click({ position: { x: 800, y: 500 } });
  }
  const draw = async (page: Page, key: string, from: [number, number], to: [number, number]) => {
    await page.locator(".excalidraw.excalidraw-container").focus();
    await page.keyboard.press(key);
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(...to, { steps: 10 });
    await page.mouse.up();
  };
  await draw(pages.ada, "r", [560, 200], [720, 280]);
  await draw(pages.ada, "r", [880, 200], [1040, 280]);
  await draw(pages.grace, "a", [730, 240], [870, 240]);
  await draw(pages.grace, "o", [720, 400], [880, 490]);
  await pages.grace.mouse.move(960, 420);
  await pages.ada.mouse.move(660, 520);
  await pages.ada.waitForTimeout(500);
  await pages.ada.screenshot({ path: `${DIRECTORY}/diagram.png` });
} finally {
  await browser.close();
  await stack.stop();
}
