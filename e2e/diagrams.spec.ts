/**
 * Two people in one diagram. What each has on the canvas is read as a person would take it elsewhere: select all,
 * copy, look at the clipboard.
 */
import { existsSync, readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { z } from "zod";
import { api } from "../convex/_generated/api";
import { closeAll, connectionOf, newBrowserOf, RECONNECT } from "./browser";
import { expect, test as base } from "./fixtures";
import { createPerson } from "./people";

const RECORDED_DRAWINGS = "../shared/diagrams/dev-ops.excalidrawlib";

interface Two {
  ada: Page;
  bert: Page;
}

const test = base.extend<{ two: Two }>({
  two: async ({ browser, stack }, use) => {
    const [ada, bert] = [await createPerson(stack, "Ada"), await createPerson(stack, "Bert")];
    const diagramId = await ada.convex.mutation(api.diagrams.create, { title: "Together" });
    await ada.convex.mutation(api.diagrams.addMember, { diagramId, email: bert.email, role: "editor" });
    const pages = {
      ada: await newBrowserOf(browser, stack, ada),
      bert: await newBrowserOf(browser, stack, bert),
    };
    for (const page of Object.values(pages)) {
      await page.setViewportSize({ width: 1500, height: 800 });
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: stack.pageUrl });
      await page.goto(`/g/${diagramId}`);
      await expect(canvasOf(page)).toBeVisible();
      await expect(connectionOf(page)).toContainText("Live");
    }
    await use(pages);
    await closeAll(pages.ada.context(), pages.bert.context());
  },
});

type Point = [x: number, y: number];

/** Where no test draws. */
const EMPTY_PLACE: Point = [1_420, 640];

const canvasOf = (page: Page) => page.locator("canvas.interactive");

/** Excalidraw hears the keys that are pressed in its own part of the page. */
async function press(page: Page, ...keys: string[]): Promise<void> {
  await page.locator(".excalidraw.excalidraw-container").focus();
  for (const key of keys) await page.keyboard.press(key);
}

const Element = z.looseObject({
  id: z.string(),
  type: z.string(),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
});
type Element = z.infer<typeof Element>;

const Clipboard = z.object({ type: z.literal("excalidraw/clipboard"), elements: z.array(Element) });

/** Excalidraw re-computes points when it restores or copies a line, which moves them by some 1e-14 of a pixel. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 1e6) / 1e6 + 0 : value;
}

/** Everything on a person's canvas, in the order in which it is painted. */
async function sceneOf(page: Page): Promise<Element[]> {
  await page.bringToFront();
  await page.evaluate(() => navigator.clipboard.writeText("nothing"));
  await press(page, "Escape", "Control+a", "Control+c");
  let text = "nothing";
  await expect(async () => {
    text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).not.toBe("nothing");
  }).toPass({ timeout: 2_000 });
  // Escape does not let go of a selection, a click beside it does.
  await page.mouse.click(...EMPTY_PLACE);
  return Clipboard.parse(JSON.parse(text, rounded)).elements;
}

/** Waits until both canvases hold the same `count` elements, none of them broken, and returns them. */
async function expectSameScene({ ada, bert }: Two, count: number): Promise<Element[]> {
  let scene: Element[] = [];
  await expect(async () => {
    scene = await sceneOf(ada);
    expect(scene).toHaveLength(count);
    expect(await sceneOf(bert)).toEqual(scene);
  }).toPass({ timeout: 30_000 });
  expect(new Set(scene.map(({ id }) => id)).size, "every element once").toBe(count);
  for (const { id, x, y, width, height } of scene) {
    expect([x, y, width, height].every(Number.isFinite), `element ${id} has a place and a size`).toBe(true);
  }
  return scene;
}

async function drag(page: Page, from: Point, to: Point): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 8 });
  await page.mouse.up();
}

/** The places of a 4 × 4 grid on the canvas, clear of Excalidraw's own tool bars and panels. */
function cell(index: number): { from: Point; to: Point } {
  const [x, y] = [640 + (index % 4) * 180, 230 + Math.floor(index / 4) * 95];
  return { from: [x, y], to: [x + 90, y + 55] };
}

/** Draws rectangles, ellipses and diamonds, each in its own cell of the grid. */
async function drawIn(page: Page, cells: number[]): Promise<void> {
  for (const index of cells) {
    await press(page, ["r", "o", "d"][index % 3] ?? "r");
    const { from, to } = cell(index);
    await drag(page, from, to);
  }
}

const EVEN = [0, 2, 4, 6, 8, 10, 12, 14];
const ODD = EVEN.map((index) => index + 1);

test("both draw at once, and both have every shape, whole", async ({ two }) => {
  await Promise.all([drawIn(two.ada, EVEN), drawIn(two.bert, ODD)]);
  const scene = await expectSameScene(two, 16);
  for (const { width, height } of scene) {
    expect(Math.abs(width)).toBeGreaterThan(50);
    expect(Math.abs(height)).toBeGreaterThan(30);
  }
});

test("both drag shapes at once, the same one too, and end with one scene", async ({ two }) => {
  const { ada, bert } = two;
  for (const index of [0, 3, 12, 15]) {
    await press(ada, "r");
    const { from, to } = cell(index);
    await drag(ada, from, to);
  }
  const before = await expectSameScene(two, 4);

  // A shape without a fill is taken by its edge.
  const edge = (index: number): Point => [cell(index).from[0] + 45, cell(index).from[1]];
  const moved = ([x, y]: Point, dx: number, dy: number): Point => [x + dx, y + dy];
  await Promise.all([
    drag(ada, edge(0), moved(edge(0), 60, 40)).then(() => drag(ada, edge(3), moved(edge(3), -70, 60))),
    drag(bert, edge(12), moved(edge(12), 50, -30)).then(() => drag(bert, edge(3), moved(edge(3), 20, 90))),
  ]);
  const after = await expectSameScene(two, 4);
  const places = (scene: Element[]) => new Map(scene.map(({ id, x, y }) => [id, `${x} ${y}`]));
  const movedIds = [...places(after)].filter(([id, place]) => places(before).get(id) !== place);
  expect(movedIds).toHaveLength(3);
});

test("what one drags is held: the other is told, and their change waits until it is let go", async ({
  two,
}) => {
  const { ada, bert } = two;
  await drawIn(ada, [5]);
  const [before] = await expectSameScene(two, 1);
  const [x, y] = [cell(5).from[0] + 45, cell(5).from[1]];
  const told = bert.getByText("Ada is moving this");

  // Bert has it under his hand already, and Ada takes it away: what follows is another's from then on.
  await bert.mouse.move(x, y);
  await bert.mouse.down();
  await ada.mouse.move(x, y);
  await ada.mouse.down();
  await expect(async () => {
    // A hand that rests does not keep it, and the first word of a drag comes before that of the hold.
    await ada.mouse.move(x + 198, y + 58);
    await ada.mouse.move(x + 200, y + 60);
    expect(await paintedPixels(bert, [x + 190, y + 50], 40)).toBeGreaterThan(0);
  }).toPass();
  await expect(async () => {
    await ada.mouse.move(x + 198, y + 58);
    await ada.mouse.move(x + 200, y + 60);
    await bert.mouse.move(x - 99, y);
    await bert.mouse.move(x - 100, y);
    await expect(told).toBeVisible({ timeout: 250 });
  }).toPass();
  await bert.mouse.up();
  await ada.mouse.move(x + 220, y + 80, { steps: 4 });
  await ada.mouse.up();

  // Without the hold Ada's move, which ended last, would be the one that counts.
  const [after] = await expectSameScene(two, 1);
  expect(after?.x).toBeLessThan(before?.x ?? 0);
});

/** How many pixels of the upper canvas, which shows people and not the drawing, are painted in this rectangle. */
function paintedPixels(page: Page, [left, top]: Point, size: number): Promise<number> {
  return canvasOf(page).evaluate(
    (element, [pageX, pageY, side]) => {
      const canvas = element as HTMLCanvasElement;
      const box = canvas.getBoundingClientRect();
      const scale = canvas.width / box.width;
      const image = canvas
        .getContext("2d")
        ?.getImageData((pageX - box.left) * scale, (pageY - box.top) * scale, side * scale, side * scale);
      return Array.from(image?.data ?? []).filter((value, at) => at % 4 === 3 && value > 0).length;
    },
    [left, top, size] as const,
  );
}

test("each sees who else is here, their pointer and what they have selected", async ({ two }) => {
  const { ada, bert } = two;
  await expect(ada.getByRole("list", { name: "People here" })).toContainText("Bert");
  await expect(bert.getByRole("list", { name: "People here" })).toContainText("Ada");

  const somewhere: Point = [1_100, 560];
  expect(await paintedPixels(ada, somewhere, 40)).toBe(0);
  await bert.mouse.move(...somewhere);
  await bert.mouse.move(somewhere[0] + 2, somewhere[1] + 2);
  await expect.poll(() => paintedPixels(ada, somewhere, 40)).toBeGreaterThan(0);

  // Drawn, a shape is selected; Ada sees a frame around it, just outside of its corner.
  await drawIn(bert, [5]);
  const [x, y] = cell(5).from;
  await bert.mouse.move(...EMPTY_PLACE);
  await expect.poll(() => paintedPixels(ada, [x - 8, y - 8], 30)).toBeGreaterThan(0);
  await bert.context().close();
  await expect.poll(() => paintedPixels(ada, [x - 8, y - 8], 30)).toBe(0);
  await expect(ada.getByRole("list", { name: "People here" })).toHaveCount(0);
});

test("undo takes back one's own shape and leaves the other's", async ({ two }) => {
  const { ada, bert } = two;
  await drawIn(ada, [0]);
  await expect(async () => expect(await sceneOf(bert)).toHaveLength(1)).toPass();
  await drawIn(bert, [5]);
  // Not Ada's canvas: selecting is a step that undo takes back too.
  let drawn: Element[] = [];
  await expect(async () => {
    drawn = await sceneOf(bert);
    expect(drawn).toHaveLength(2);
  }).toPass();
  const [first, second] = drawn;
  await press(ada, "Control+z");
  const left = await expectSameScene(two, 1);
  expect(left[0]?.id).toBe(second?.id);
  expect(left[0]?.id).not.toBe(first?.id);
});

/** Elements of a real library, or made-up ones in the same variety. */
function drawings(): unknown[] {
  if (existsSync(RECORDED_DRAWINGS)) {
    const { libraryItems } = z
      .object({ libraryItems: z.array(z.object({ elements: z.array(z.unknown()) })) })
      .parse(JSON.parse(readFileSync(RECORDED_DRAWINGS, "utf8")));
    return libraryItems.flatMap(({ elements }) => elements);
  }
  return Array.from({ length: 120 }, (_, index) => {
    const type = ["rectangle", "ellipse", "diamond", "line"][index % 4] ?? "line";
    return {
      type,
      id: `made-up-${index}`,
      x: (index % 12) * 60,
      y: Math.floor(index / 12) * 60,
      width: 40,
      height: 40,
      points:
        type === "line"
          ? [
              [0, 0],
              [20, 40],
              [40, 0],
            ]
          : undefined,
    };
  });
}

test("both paste real drawings at once, reload, and still have every element", async ({ two }) => {
  const elements = drawings();
  const half = Math.floor(elements.length / 2);
  const paste = async (page: Page, part: unknown[]) => {
    await page.bringToFront();
    await page.evaluate(
      (text) => navigator.clipboard.writeText(text),
      JSON.stringify({ type: "excalidraw/clipboard", elements: part, files: {} }),
    );
    // Excalidraw pastes to where the pointer is, and nowhere if it is not over the canvas.
    const place = cell(5).from;
    await page.mouse.move(...place);
    await press(page, "Control+v");
  };
  await paste(two.ada, elements.slice(0, half));
  await paste(two.bert, elements.slice(half));
  const pasted = await expectSameScene(two, elements.length);
  await two.ada.reload();
  await expect(canvasOf(two.ada)).toBeVisible();
  expect(await expectSameScene(two, elements.length)).toEqual(pasted);
});

test("what is drawn without a connection, and kept through a reload, reaches the other afterwards", async ({
  two,
  stack,
}) => {
  test.setTimeout(120_000);
  await stack.partykit.kill();
  try {
    await expect(connectionOf(two.ada)).toContainText("Reconnecting");
    await press(two.ada, "r");
    const { from, to } = cell(0);
    await drag(two.ada, from, to);
    await expect(connectionOf(two.ada)).toContainText("Kept on this device");
    await two.ada.reload();
    await expect(canvasOf(two.ada)).toBeVisible();
    await expect(connectionOf(two.ada)).toContainText("Kept on this device");
  } finally {
    await stack.partykit.start();
  }
  await expect(connectionOf(two.ada)).toContainText("Saved", RECONNECT);
  await expect(connectionOf(two.bert)).toContainText("Live", RECONNECT);
  await expectSameScene(two, 1);
});
