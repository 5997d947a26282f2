/** Who is where in a workspace, and going along with somebody. */
import type { Page } from "@playwright/test";
import { api } from "../convex/_generated/api";
import type { Stack } from "../scripts/stack";
import { IDLE_AFTER_MS } from "../src/collaboration/attention";
import { seriousFindingsInBoth } from "./axe";
import {
  blocksOf,
  closeAll,
  connectionOf,
  editorOf,
  goToEnd,
  openBrowserOf,
  openDocument,
  typeAtEnd,
} from "./browser";
import { expect, test as base } from "./fixtures";
import { createTeam, enter, sidebarOf } from "./team";

interface Two {
  adas: Page;
  berts: Page;
}

/** More than a screen of them. */
const LINES = 60;

async function openBoth(browser: Parameters<typeof openBrowserOf>[0], stack: Stack): Promise<Two> {
  const { ada, bert, workspaceId, make } = await createTeam(stack);
  await ada.convex.mutation(api.diagrams.create, { title: "Map", workspaceId });
  const documentId = await make("Plan");
  const [adas, berts] = [await openBrowserOf(browser, stack, ada), await openBrowserOf(browser, stack, bert)];
  for (const page of [adas, berts]) await enter(page, "Engines");
  await openDocument(adas, documentId);
  return { adas, berts };
}

const test = base.extend<{ two: Two }>({
  two: async ({ browser, stack }, use) => {
    const two = await openBoth(browser, stack);
    await use(two);
    await closeAll(two.adas.context(), two.berts.context());
  },
});

const rowOf = (page: Page, title: string) => sidebarOf(page).getByRole("link", { name: title });
const headingOf = (page: Page, title: string) =>
  page.getByLabel("Title").and(page.locator(`[value="${title}"]`));

/** Says who is followed, and who asks to be. */
const barOf = (page: Page) => page.getByRole("status", { name: "Following" });

/** The first line that can be read below the page's header. */
function topLineOf(page: Page): Promise<number> {
  return editorOf(page).evaluate((editor) => {
    const edge = editor.closest("main")?.querySelector("header")?.getBoundingClientRect().bottom ?? 0;
    const lines = [...editor.querySelectorAll(".bn-inline-content")];
    return lines.findIndex((line) => line.getBoundingClientRect().bottom > edge);
  });
}

test("faces show who is where, and go with them", async ({ two: { adas, berts } }) => {
  await expect(rowOf(berts, "Plan")).toContainText("open with Ada");
  await rowOf(adas, "Map").click();
  await expect(rowOf(berts, "Map")).toContainText("open with Ada");
  await expect(rowOf(berts, "Plan")).not.toContainText("open with Ada");
  await rowOf(berts, "Map").click();
  await expect(rowOf(adas, "Map")).toContainText("open with Bert");
});

test("somebody who is followed takes the other along: pages, the text's place, the drawing's, until one moves", async ({
  two: { adas, berts },
}) => {
  await goToEnd(adas);
  for (let line = 1; line <= LINES; line++) {
    await adas.keyboard.insertText(`line ${line}`);
    await adas.keyboard.press("Enter");
  }
  await rowOf(berts, "Plan").click();
  await expect.poll(() => blocksOf(berts)).toHaveLength(LINES);
  await adas.mouse.wheel(0, -100_000);
  await expect.poll(() => topLineOf(adas)).toBe(0);

  await berts.getByRole("button", { name: "Follow Ada" }).click();
  await expect(barOf(berts)).toContainText("Following Ada");
  expect(await seriousFindingsInBoth(berts)).toEqual([]);
  await adas.mouse.move(800, 400);
  await adas.mouse.wheel(0, 700);
  await expect.poll(() => topLineOf(adas)).toBeGreaterThan(5);
  await expect(async () => expect(await topLineOf(berts)).toBe(await topLineOf(adas))).toPass();

  await rowOf(adas, "Map").click();
  await expect(headingOf(berts, "Map")).toBeVisible();
  await expect(connectionOf(adas)).toContainText("Saved");
  await adas.getByRole("button", { name: "Zoom out" }).click();
  await adas.getByRole("button", { name: "Zoom out" }).click();
  await expect(berts.locator(".reset-zoom-button")).toHaveText("80%");

  // A hand of one's own on the page ends it.
  await berts.mouse.move(800, 400);
  await berts.mouse.wheel(0, 50);
  await expect(barOf(berts)).not.toContainText("Following Ada");
  await rowOf(adas, "Plan").click();
  await expect(rowOf(berts, "Plan")).toContainText("open with Ada");
  await expect(headingOf(berts, "Map")).toBeVisible();
});

test("who presents asks all to follow, may pause, and ends it", async ({ two: { adas, berts } }) => {
  await adas.getByRole("button", { name: "Present" }).click();
  await berts.getByRole("button", { name: "Follow", exact: true }).click();
  await expect(headingOf(berts, "Plan")).toBeVisible();
  await expect(barOf(adas)).toContainText("1 person follows");

  await adas.getByRole("button", { name: "Pause" }).click();
  await expect(barOf(berts)).toContainText("who has paused");
  await rowOf(adas, "Map").click();
  await expect(rowOf(berts, "Map")).toContainText("open with Ada");
  await expect(headingOf(berts, "Plan")).toBeVisible();
  await adas.getByRole("button", { name: "Go on" }).click();
  await expect(headingOf(berts, "Map")).toBeVisible();

  await berts.getByRole("button", { name: "Stop following", exact: true }).click();
  await expect(barOf(berts)).toContainText("Ada is presenting");
  await berts.getByRole("button", { name: "Not now" }).click();
  await expect(barOf(berts)).not.toContainText("Ada is presenting");
  await adas.getByRole("button", { name: "Stop presenting" }).click();
  await expect(barOf(adas)).not.toContainText("You are presenting");
});

test("who rests is shown so, and where they stopped fades", async ({ two: { adas, berts } }) => {
  const face = berts.getByRole("list", { name: "People here" }).getByRole("listitem");
  const caret = berts.locator('[data-cursor-of="Ada"]');
  await adas.clock.install();
  await adas.reload();
  await rowOf(berts, "Plan").click();
  await typeAtEnd(adas, "Here I stop.");
  await expect(caret).toBeAttached();
  await expect(face).toHaveAttribute("data-attention", "here");
  await expect(caret).toHaveAttribute("data-still");
  await adas.clock.fastForward(IDLE_AFTER_MS + 1_000);
  await expect(face).toHaveAttribute("data-attention", "idle");
});
