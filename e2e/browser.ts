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
 * Puts the caret behind the last word of a document, or of the last block in which `words` stand. Neither the pointer
 * nor a key would do: a click may land on the empty block that BlockNote shows below the text, or on another than the
 * last line of a long one, and End leads to the end of that line.
 */
export async function goToEnd(page: Page, words = ""): Promise<void> {
  const wasThere = () => editorOf(page).evaluate(putCaretBehind, words);
  // Found there in a second look, it has outlasted what the editor does about its selection when it gets the focus.
  await expect.poll(wasThere, { message: `the caret stays behind “${words}”`, timeout: 15_000 }).toBe(true);
}

/** Whether the caret stood there already. Runs in the page. */
function putCaretBehind(editor: HTMLElement | SVGElement, words: string): boolean {
  const all = [...editor.querySelectorAll(".bn-inline-content")];
  const written = all.filter(({ textContent }) => textContent.trim() !== "" && textContent.includes(words));
  const block = written.at(-1) ?? (words === "" ? all[0] : undefined);
  if (block === undefined) return false;
  const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const last = texts.lastChild();
  const end = last instanceof Text ? last.length : 0;

  const selection = document.getSelection();
  if (selection === null) return false;
  const { isCollapsed, focusNode, focusOffset } = selection;
  const rest = document.createRange();
  rest.selectNodeContents(block);
  if (isCollapsed && document.activeElement === editor && focusNode !== null && block.contains(focusNode)) {
    rest.setStart(focusNode, focusOffset);
    if (rest.toString() === "") return true;
  }
  editor.focus({ preventScroll: true });
  selection.collapse(last ?? block, end);
  return false;
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
