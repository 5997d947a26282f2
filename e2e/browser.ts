/** People at a browser of their own. */
import type { Browser, BrowserContext, Locator, Page } from "@playwright/test";
import type { Stack } from "../scripts/stack";
import { expect } from "./fixtures";
import type { Person } from "./people";

/** A new browser profile in which the person has signed in through the page. Close its context when done. */
export async function openBrowserOf(browser: Browser, stack: Stack, person: Person): Promise<Page> {
  const context = await browser.newContext({ baseURL: stack.pageUrl });
  const page = await context.newPage();
  await signIn(page, person);
  return page;
}

export async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("button", { name: "New document" })).toBeVisible();
}

export const editorOf = (page: Page): Locator => page.getByRole("textbox", { name: "Document" });

/** How long a page may take to come back by itself: after the fault is over, up to 40 s and a new connection. */
export const RECONNECT = { timeout: 60_000 };

/** The status line: how things stand with the room. */
export const connectionOf = (page: Page): Locator => page.getByRole("status", { name: "Connection" });

/** The text of each block, in order; the empty one at the end that BlockNote always shows is not counted. */
export async function blocksOf(page: Page): Promise<string[]> {
  const blocks = await editorOf(page).locator(".bn-inline-content").allTextContents();
  while (blocks.at(-1) === "") blocks.pop();
  return blocks;
}

/**
 * Puts the caret behind the last word of a document. Control+End would not do: it leads now to the last text, now to the
 * empty block that BlockNote shows below it.
 */
export async function goToEnd(page: Page): Promise<void> {
  const written = editorOf(page).locator(".bn-inline-content").filter({ hasText: /\S/ });
  await ((await written.count()) === 0 ? editorOf(page) : written.last()).click();
  await page.keyboard.press("End");
}

export async function typeAtEnd(page: Page, words: string): Promise<void> {
  await goToEnd(page);
  await page.keyboard.type(words);
}

/** Opens a document and waits until it can be typed into. */
export async function openDocument(page: Page, documentId: string): Promise<void> {
  await page.goto(`/d/${documentId}`);
  await expect(editorOf(page)).toHaveAttribute("contenteditable", "true");
}

/** Fails with what each sees until all of them see the same text, which holds everything in `words`. */
export async function expectSameText(pages: Page[], words: string[]): Promise<void> {
  await expect(async () => {
    const texts = await Promise.all(pages.map(blocksOf));
    for (const text of texts) {
      expect(text).toEqual(texts[0]);
      for (const word of words) expect(text.join("\n")).toContain(word);
    }
  }).toPass(RECONNECT);
}

export async function closeAll(...contexts: BrowserContext[]): Promise<void> {
  await Promise.all(contexts.map((context) => context.close()));
}
