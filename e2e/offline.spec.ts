/** What this device keeps: content that is there before any server, and edits that outlive the page and the network. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "@playwright/test";
import { api } from "../convex/_generated/api";
import type { Stack } from "../scripts/stack";
import {
  blocksOf,
  closeAll,
  connectionOf,
  editorOf,
  expectSameText,
  goToEnd,
  newBrowserOf,
  openDocument,
  RECONNECT,
  signIn,
  typeAtEnd,
} from "./browser";
import { expect, test } from "./fixtures";
import { createPerson, type Person } from "./people";
import config from "../playwright.config";

const launchOptions = config.use?.launchOptions ?? {};

/** The servers of the rooms and of everything else are gone; only the page itself can still be fetched. */
async function cutOff(stack: Stack): Promise<void> {
  await stack.partykit.kill();
  await stack.convex.kill();
}

async function bringBack(stack: Stack): Promise<void> {
  await stack.convex.start();
  await stack.partykit.start();
}

async function documentOf(person: Person, title: string): Promise<string> {
  return person.convex.mutation(api.documents.create, { title });
}

/** Names of all that this browser profile keeps of the person. */
function databasesOf(page: Page, { userId }: Person): Promise<string[]> {
  return page.evaluate(
    async (prefix) =>
      (await indexedDB.databases()).map(({ name = "" }) => name).filter((name) => name.startsWith(prefix)),
    `ripple/${userId}`,
  );
}

async function two(browser: Browser, stack: Stack, title: string) {
  const [ada, bert] = [await createPerson(stack, "Ada"), await createPerson(stack, "Bert")];
  const documentId = await documentOf(ada, title);
  await ada.convex.mutation(api.documents.addMember, { documentId, email: bert.email, role: "editor" });
  const pages: [Page, Page] = [
    await newBrowserOf(browser, stack, ada),
    await newBrowserOf(browser, stack, bert),
  ];
  await Promise.all(pages.map((page) => openDocument(page, documentId)));
  return { ada, bert, documentId, pages };
}

test("both write and delete while everything is down, reload in between, and find both afterwards", async ({
  browser,
  stack,
}) => {
  test.setTimeout(180_000);
  const { pages } = await two(browser, stack, "Down");
  const [adas, berts] = pages;
  await typeAtEnd(adas, "start and to be deleted");
  await expectSameText(pages, ["start and to be deleted"]);
  for (const page of pages) await expect(connectionOf(page)).toContainText("Saved");
  await cutOff(stack);
  try {
    for (const page of pages) await expect(connectionOf(page)).toContainText("Reconnecting");
    await goToEnd(adas);
    for (let i = 0; i < " to be deleted".length; i++) await adas.keyboard.press("Backspace");
    await typeAtEnd(berts, ", and Bert's words");
    for (const page of pages) await expect(connectionOf(page)).toContainText("Kept on this device");
    // No question is asked: nothing is only in the tab. The page then opens from what this device has.
    for (const page of pages) await page.reload();
    await expectSameText([adas], ["start and"]);
    expect((await blocksOf(adas)).join()).not.toContain("deleted");
    await expectSameText([berts], ["and Bert's words"]);
    await expect(editorOf(berts)).toHaveAttribute("contenteditable", "true");
    await typeAtEnd(berts, ", also after a reload");
    await expect(connectionOf(berts)).toContainText("Kept on this device");
  } finally {
    await bringBack(stack);
  }
  await expect(async () => {
    const texts = await Promise.all(pages.map(blocksOf));
    expect(texts[0]).toEqual(texts[1]);
    expect(texts[0]).toEqual(["start and, and Bert's words, also after a reload"]);
  }).toPass(RECONNECT);
  for (const page of pages) await expect(connectionOf(page)).toContainText("Saved", RECONNECT);
  await closeAll(...pages.map((page) => page.context()));
});

test("an empty document that was seen once opens without a server; one that was not stays closed", async ({
  browser,
  stack,
}) => {
  test.setTimeout(120_000);
  const ada = await createPerson(stack, "Ada");
  const [seen, unseen] = [await documentOf(ada, "Seen"), await documentOf(ada, "Unseen")];
  const page = await newBrowserOf(browser, stack, ada);
  await openDocument(page, seen);
  await expect(connectionOf(page)).toContainText("Saved");
  await page.reload();
  await expect(connectionOf(page)).toContainText("Saved");
  await cutOff(stack);
  try {
    await page.goto(`/d/${seen}`);
    await expect(page).toHaveTitle(/Seen/);
    await expect(editorOf(page)).toHaveAttribute("contenteditable", "true");
    await page.goto(`/d/${unseen}`);
    await expect(page.getByText(/can’t reach its server/)).toBeVisible();
    await expect(editorOf(page)).toHaveCount(0);
  } finally {
    await bringBack(stack);
  }
  await expect(editorOf(page)).toHaveAttribute("contenteditable", "true", RECONNECT);
  await closeAll(page.context());
});

test("signing out leaves nothing in the browser, and asks first when something is only there", async ({
  browser,
  stack,
}) => {
  test.setTimeout(120_000);
  const ada = await createPerson(stack, "Ada");
  const documentId = await documentOf(ada, "Private");
  const page = await newBrowserOf(browser, stack, ada);
  await openDocument(page, documentId);
  await typeAtEnd(page, "for nobody else");
  await expect(connectionOf(page)).toContainText("Saved");
  expect((await databasesOf(page, ada)).length).toBeGreaterThanOrEqual(2);
  await stack.partykit.kill();
  try {
    await expect(connectionOf(page)).toContainText("Reconnecting");
    await typeAtEnd(page, ", unsaved");
    await expect(connectionOf(page)).toContainText("Kept on this device");
    await page.goto("/");
    // No session has it open any more; the directory knows.
    await page.getByRole("button", { name: /Account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign out anyway" }).click();
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    expect(await databasesOf(page, ada)).toEqual([]);
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(ada.userId);
  } finally {
    await stack.partykit.start();
  }
  await closeAll(page.context());
});

test("words of a browser that was killed arrive when it is opened again, wherever that is", async ({
  stack,
}) => {
  test.setTimeout(180_000);
  const ada = await createPerson(stack, "Ada");
  const documentId = await documentOf(ada, "Killed");
  const profile = mkdtempSync(join(tmpdir(), "ripple-profile-"));
  const launch = () =>
    chromium.launchPersistentContext(profile, { ...launchOptions, baseURL: stack.pageUrl });
  try {
    const first = await launch();
    const page = first.pages()[0] ?? (await first.newPage());
    await signIn(page, ada);
    await openDocument(page, documentId);
    await typeAtEnd(page, "before, ");
    await expect(connectionOf(page)).toContainText("Saved");
    await stack.partykit.kill();
    try {
      await expect(connectionOf(page)).toContainText("Reconnecting");
      await typeAtEnd(page, "and killed");
      await expect(connectionOf(page)).toContainText("Kept on this device");
      const gone = new Promise((resolve) => first.once("close", resolve));
      killProcessesOf(profile);
      await gone;
    } finally {
      await stack.partykit.start();
    }
    const second = await launch();
    const again = second.pages()[0] ?? (await second.newPage());
    await again.goto("/");
    const signInButton = again.getByRole("button", { name: "Sign in" });
    const inside = again.getByRole("button", { name: "New document" });
    await expect(signInButton.or(inside)).toBeVisible();
    // Chromium writes localStorage some seconds late, and with it the session of somebody who has just signed in.
    if (await signInButton.isVisible()) await signIn(again, ada);
    await expect(inside).toBeVisible();
    // The document itself is not opened here: another device shows that its words have arrived.
    const elsewhere = await chromium.launch(launchOptions);
    const reader = await newBrowserOf(elsewhere, stack, ada);
    await openDocument(reader, documentId);
    await expectSameText([reader], ["before, and killed"]);
    await Promise.all([elsewhere.close(), second.close()]);
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
});

/** SIGKILL to the browser that uses this profile, as a crash or a power cut would. */
function killProcessesOf(profile: string): void {
  const list = spawnSync("ps", ["-ax", "-o", "pid=,args="], { encoding: "utf8" }).stdout;
  for (const line of list.split("\n")) {
    if (line.includes(`--user-data-dir=${profile}`)) process.kill(Number.parseInt(line, 10), "SIGKILL");
  }
}

test("promises nothing where the browser keeps nothing, and asks before the tab goes", async ({
  browser,
  stack,
}) => {
  test.setTimeout(120_000);
  const ada = await createPerson(stack, "Ada");
  const documentId = await documentOf(ada, "Private mode");
  const page = await newBrowserOf(browser, stack, ada);
  await page.addInitScript(() => {
    Object.defineProperty(IDBFactory.prototype, "open", {
      value: () => {
        throw new DOMException("not here", "SecurityError");
      },
    });
  });
  await openDocument(page, documentId);
  await typeAtEnd(page, "saved");
  await expect(connectionOf(page)).toContainText("Saved");
  await stack.partykit.kill();
  try {
    await expect(connectionOf(page)).toContainText("Reconnecting");
    await typeAtEnd(page, ", and not");
    await expect(connectionOf(page)).toContainText("Not saved yet");
    const asked = page.waitForEvent("dialog");
    await page.close({ runBeforeUnload: true });
    await (await asked).dismiss();
  } finally {
    await stack.partykit.start();
  }
  await expect(connectionOf(page)).toContainText("Saved", RECONNECT);
  await closeAll(page.context());
});
