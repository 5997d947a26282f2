/**
 * The page as it is deployed: under the headers that `deploy:frontend` gives it, without a network, and when a new
 * version of it comes in.
 */
import type { Browser, Page } from "@playwright/test";
import { api } from "../convex/_generated/api";
import type { Stack } from "../scripts/stack";
import { seriousFindingsInBoth } from "./axe";
import {
  closeAll,
  connectionOf,
  editorOf,
  expectSameText,
  newBrowserOf,
  openBrowserOf,
  openDocument,
  signIn,
  typeAtEnd,
} from "./browser";
import { expect, test } from "./fixtures";
import { createPerson, type Person } from "./people";
import type { Production } from "./production";

// All in one worker: another one would build the page again.
test.describe.configure({ mode: "default" });

test("documents and diagrams work under the content security policy of production", async ({
  browser,
  stack,
  production,
}) => {
  const ada = await createPerson(stack, "Ada");
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Under policy" });
  const diagramId = await ada.convex.mutation(api.diagrams.create, { title: "Under policy" });
  const page = await newBrowserOf(browser, { ...stack, pageUrl: production.url }, ada);
  const refused: string[] = [];
  page.on("console", (message) => {
    const text = message.text();
    if (/content security policy/i.test(text)) refused.push(text);
  });

  await openDocument(page, documentId);
  await typeAtEnd(page, "written under a policy");
  await expectSameText([page], ["written under a policy"]);

  await page.goto(`/g/${diagramId}`);
  const canvas = page.locator("canvas.interactive");
  await expect(canvas).toBeVisible();
  await page.keyboard.press("r");
  const box = await canvas.boundingBox();
  if (box === null) throw new Error("the canvas is not there");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 120, y + 80, { steps: 5 });
  await page.mouse.up();

  const font = await page.evaluate(async () => {
    const faces = await document.fonts.load("20px Excalifont", "text");
    return faces.map(({ status }) => status);
  });
  expect(font).toContain("loaded");

  // Proof that the policy was in force: something that it forbids is refused, and this test would have heard of it.
  expect(refused).toEqual([]);
  const wasRefused = await page.evaluate(() => {
    const violation = new Promise<string>((resolve) => {
      document.addEventListener("securitypolicyviolation", (event) => {
        resolve(event.effectiveDirective);
      });
    });
    const script = document.createElement("script");
    script.textContent = "document.title = 'evil'";
    document.body.append(script);
    return violation;
  });
  expect(wasRefused).toBe("script-src-elem");
  await expect.poll(() => refused.length).toBe(1);
  await closeAll(page.context());
});

/** A browser profile in which the person has signed in, and the page is kept. */
async function openKept(
  browser: Browser,
  stack: Stack,
  production: Production,
  person: Person,
): Promise<Page> {
  const page = await openBrowserOf(browser, { ...stack, pageUrl: production.url }, person);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  return page;
}

async function cutOff(page: Page, stack: Stack, production: Production): Promise<void> {
  await page.context().setOffline(true);
  // Chromium's own switch leaves open sockets alone.
  await Promise.all([production.stop(), stack.convex.kill(), stack.partykit.kill()]);
}

async function bringBack(page: Page, stack: Stack, production: Production): Promise<void> {
  if (!production.isServed)
    await Promise.all([production.start(), stack.convex.start(), stack.partykit.start()]);
  await page.context().setOffline(false);
}

test("the page, a document and a diagram open with the network cut, from this host alone", async ({
  browser,
  stack,
  production,
}) => {
  test.setTimeout(120_000);
  const ada = await createPerson(stack, "Ada");
  const documentId = await ada.convex.mutation(api.documents.create, { title: "On the train" });
  const diagramId = await ada.convex.mutation(api.diagrams.create, { title: "Under the sea" });
  const page = await openKept(browser, stack, production, ada);
  const hosts = new Set<string>();
  page.context().on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http")) hosts.add(url.host);
  });
  await openDocument(page, documentId);
  await typeAtEnd(page, "before the tunnel");
  await expect(connectionOf(page)).toContainText("Saved");
  await page.goto(`/g/${diagramId}`);
  await expect(connectionOf(page)).toContainText("Saved");

  await cutOff(page, stack, production);
  try {
    await page.goto(`/d/${documentId}`);
    await expectSameText([page], ["before the tunnel"]);
    await expect(editorOf(page)).toHaveAttribute("contenteditable", "true");
    await typeAtEnd(page, ", and in it");
    await expect(connectionOf(page)).toContainText("kept on this device", { ignoreCase: true });

    await page.goto(`/g/${diagramId}`);
    await expect(page.locator("canvas.interactive")).toBeVisible();
    const fonts = await page.evaluate(async () => {
      const faces = await Promise.all(
        ["Excalifont", "Nunito", "Comic Shanns"].map((name) => document.fonts.load(`20px "${name}"`, "text")),
      );
      return faces.flat().map(({ status }) => status);
    });
    expect(fonts).toHaveLength(3);
    expect(fonts).not.toContain("error");
  } finally {
    await bringBack(page, stack, production);
  }
  await page.goto(`/d/${documentId}`);
  await expectSameText([page], ["before the tunnel, and in it"]);
  await expect(connectionOf(page)).toContainText("Saved", { timeout: 60_000 });
  const own = [production.url, stack.convexUrl, `http://${stack.partykitHost}`].map(
    (url) => new URL(url).host,
  );
  expect([...hosts].filter((host) => !own.includes(host))).toEqual([]);
  await closeAll(page.context());
});

test("lists can be read with the network cut, changed only afterwards, and are nobody else's", async ({
  browser,
  stack,
  production,
}) => {
  test.setTimeout(120_000);
  const [ada, bert] = [await createPerson(stack, "Ada"), await createPerson(stack, "Bert")];
  await ada.convex.mutation(api.documents.create, { title: "Ada's plans" });
  const page = await openKept(browser, stack, production, ada);
  const lists = page.getByRole("navigation", { name: "Workspace" });
  const create = lists.getByRole("button", { name: "New document" });
  await expect(lists.getByRole("link", { name: "Ada's plans" })).toBeVisible();
  const keptLists = () =>
    page.evaluate(async () =>
      (await indexedDB.databases()).map(({ name = "" }) => name).filter((name) => name.includes("lists")),
    );

  await cutOff(page, stack, production);
  try {
    await page.reload();
    await expect(lists.getByRole("link", { name: "Ada's plans" })).toBeVisible();
    await expect(lists.getByText(/^As of /)).toBeVisible();
    const filter = lists.getByRole("textbox", { name: "Filter the lists" });
    await filter.fill("nothing like it");
    await expect(lists.getByText("Nothing has this in its title.")).toBeVisible();
    await filter.fill("PLANS");
    await expect(lists.getByRole("link", { name: "Ada's plans" })).toBeVisible();
    await filter.fill("");
    await expect(create).toHaveAttribute("aria-disabled", "true");
    await expect(create).toHaveAccessibleDescription(/offline/);
    // As somebody at a keyboard, who gets there.
    await create.press("Enter");
    await expect(page).toHaveURL(production.url + "/");

    await bringBack(page, stack, production);
    await expect(create).not.toHaveAttribute("aria-disabled", { timeout: 60_000 });
    await expect(lists.getByText(/^As of /)).toHaveCount(0);
    await create.click();
    await expect(editorOf(page)).toHaveAttribute("contenteditable", "true");
    await expect(connectionOf(page)).toContainText("Saved");

    await cutOff(page, stack, production);
    await expect(create).toHaveAttribute("aria-disabled", "true");
    await page.getByRole("button", { name: /Account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    expect(await keptLists()).toEqual([]);
    // Nobody is signed in any more, and nothing is left to be shown.
    await page.goto("/");
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  } finally {
    await bringBack(page, stack, production);
  }
  await signIn(page, bert);
  await expect(lists.getByText("Nothing here yet.")).toBeVisible();
  await expect(page.getByText("Ada's plans")).toHaveCount(0);
  await closeAll(page.context());
});

test("a new version is offered in every tab, and taken by the click alone, in that tab alone", async ({
  browser,
  stack,
  production,
}) => {
  const ada = await createPerson(stack, "Ada");
  const first = await openKept(browser, stack, production, ada);
  const second = await first.context().newPage();
  await second.goto("/");
  const offerIn = (page: Page) => page.getByText("A new version is ready");
  const versionIn = (page: Page) => page.locator("html").getAttribute("data-version");
  await expect(second.getByRole("button", { name: "New document" })).toBeVisible();
  for (const page of [first, second]) await expect(offerIn(page)).toHaveCount(0);

  production.publish("next");
  await first.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  for (const page of [first, second]) await expect(offerIn(page)).toBeVisible();
  for (const page of [first, second]) expect(await versionIn(page)).toBeNull();
  expect(await seriousFindingsInBoth(second)).toEqual([]);

  await first.getByRole("button", { name: "Reload" }).click();
  await expect.poll(() => versionIn(first)).toBe("next");
  await expect(first.getByRole("button", { name: "New document" })).toBeVisible();
  await expect(offerIn(first)).toHaveCount(0);
  // The other tab has gone on as it was, and can follow.
  expect(await versionIn(second)).toBeNull();
  await second.getByRole("button", { name: "Reload" }).click();
  await expect.poll(() => versionIn(second)).toBe("next");
  await closeAll(first.context());
});
