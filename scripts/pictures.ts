/** `npm run pictures`: takes the README's pictures anew, of two real people in real browsers. */
import { mkdirSync } from "node:fs";
import { chromium, type Page } from "@playwright/test";
import { api } from "../convex/_generated/api";
import { goToEnd, newBrowserOf, openDocument } from "../e2e/browser";
import { createPerson } from "../e2e/people";
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
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Launch plan" });
  const diagramId = await ada.convex.mutation(api.diagrams.create, { title: "How it fits together" });
  await ada.convex.mutation(api.documents.create, { title: "Notes from Monday" });
  await ada.convex.mutation(api.documents.addMember, { documentId, email: grace.email, role: "editor" });
  await ada.convex.mutation(api.diagrams.addMember, { diagramId, email: grace.email, role: "editor" });
  const pages = {
    ada: await newBrowserOf(browser, stack, ada),
    grace: await newBrowserOf(browser, stack, grace),
  };
  for (const page of Object.values(pages)) await page.setViewportSize({ width: 1280, height: 720 });

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
