/** People at a browser of their own. */
import type { Browser, BrowserContext, Locator, Page } from "@playwright/test";
import type { Stack } from "../scripts/stack";
import { expect } from "./fixtures";
import { newSessionOf, type Person } from "./people";

/**
 * A new browser profile in which the person is signed in, and nothing is open yet. That signing in through the page
 * leads to the same is for the tests of that. Close its context when done.
 */
export async function newBrowserOf(browser: Browser, stack: Stack, person: Person): Promise<Page> {
  const origin = { origin: stack.pageUrl, localStorage: await newSessionOf(stack, person) };
  const context = await browser.newContext({
    baseURL: stack.pageUrl,
    storageState: { cookies: [], origins: [origin] },
  });
  return context.newPage();
}

/** The same, with the person's home open. */
export async function openBrowserOf(browser: Browser, stack: Stack, person: Person): Promise<Page> {
  const page = await newBrowserOf(browser, stack, person);
  await page.goto("/");
  await expect(page.getByRole("button", { name: "New document" })).toBeVisible();
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

/** How long a page may take to come back by itself: Convex's client pauses for up to 16 s, and so may each of two. */
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
  await goTo(page, { words, side: "end" });
}

/** Puts the caret before the first word of the last block in which `words` stand. */
export async function goToStart(page: Page, words: string): Promise<void> {
  await goTo(page, { words, side: "start" });
}

interface Place {
  words: string;
  side: "start" | "end";
}

async function goTo(page: Page, place: Place): Promise<void> {
  const isThere = () => editorOf(page).evaluate(putCaret, place);
  await expect.poll(isThere, { message: `the caret is at the ${place.side} of “${place.words}”` }).toBe(true);
}

/** Tiptap leaves the editor on its element, for tests. */
interface EditorElement extends HTMLElement {
  editor: {
    view: { posAtDOM: (node: Node, offset: number) => number };
    state: { selection: { empty: boolean; head: number } };
  };
}

/**
 * Whether the caret is there already, in the page and in what ProseMirror knows: that hears of it a little later, and an
 * update in between would put it back. Runs in the page.
 */
function putCaret(element: HTMLElement | SVGElement, { words, side }: Place): boolean {
  const all = [...element.querySelectorAll(".bn-inline-content")];
  const written = all.filter(({ textContent }) => textContent.trim() !== "" && textContent.includes(words));
  const block = written.at(-1) ?? (words === "" ? all[0] : undefined);
  const selection = document.getSelection();
  if (block === undefined || selection === null) return false;
  const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const text = side === "start" ? texts.firstChild() : texts.lastChild();
  const node = text ?? block;
  const offset = text instanceof Text && side === "end" ? text.length : 0;

  const { editor } = element as EditorElement;
  const { empty, head } = editor.state.selection;
  const { isCollapsed, focusNode, focusOffset } = selection;
  const isInside = focusNode !== null && element.contains(focusNode) && document.activeElement === element;
  if (isInside && isCollapsed && empty) {
    const place = editor.view.posAtDOM(node, offset);
    if (head === place && editor.view.posAtDOM(focusNode, focusOffset) === place) return true;
  }
  element.focus({ preventScroll: true });
  selection.collapse(node, offset);
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
