/**
 * The sidebar of a workspace with 5,000 documents and 200 people: until its list is painted, how it scrolls, and how it
 * is filtered without a network once all of it has been seen.
 */
import type { Page } from "@playwright/test";
import { api } from "../../../convex/_generated/api";
import { createPerson, type Person } from "../../../e2e/people";
import { figureOf, type Figure } from "../figure";
import { visit, type House, type Visit } from "../house";
import { sightOf, watchFor } from "../probe";

const DOCUMENTS = 5_000;
const PEOPLE = 200;
const WORKSPACE = "The large one";
const AT_ONCE = 8;

/** The sidebar asks when nobody has typed for so long: `TYPING_PAUSE_MS` of src/workspace/Sidebar.tsx. */
const TYPING_PAUSE_MS = 120;

const FIRST_PAINT_MS = 500;
const FRAME_MS = 17;
const FILTER_MS = 50;

/** What titles begin with, in turn. The list itself begins with the first. */
const SUBJECTS = "amber basil cedar delta ember fjord grove haven ivory jade".split(" ");

const LIST = 'nav[aria-label="Workspace"] section li a[href^="/d/"]';
const LISTED = { listed: { selector: LIST } };

export async function lists(house: House, runs: number, slowdowns: readonly number[]): Promise<Figure[]> {
  const ada = await fillWorkspace(house);
  const adas = await visit(house, ada, LISTED);
  const { page } = adas;
  await enter(page);
  const figures: Figure[] = [];
  for (const slowdown of slowdowns) {
    await adas.slowDown(slowdown);
    const [kept, fresh] = [await firstPaints(adas, runs, true), await firstPaints(adas, runs, false)];
    const asked = slowdown === 1 ? FIRST_PAINT_MS : null;
    figures.push(
      figureOf(
        { what: "reload to the list painted, lists kept from last time", slowdown, unit: "ms", asked },
        kept,
      ),
      figureOf(
        { what: "reload to the list painted, lists asked for anew", slowdown, unit: "ms", asked },
        fresh,
      ),
    );
  }
  for (const slowdown of slowdowns) {
    await adas.slowDown(slowdown);
    await page.reload();
    await sightOf(page, "listed");
    const asked = slowdown === 1 ? FRAME_MS : null;
    figures.push(
      figureOf(
        { what: "frame while the list is scrolled and grows", slowdown, unit: "ms", asked },
        await scroll(adas),
      ),
    );
  }
  await adas.slowDown(1);
  const shown = await showAll(page);
  figures.push(
    figureOf(
      { what: `frame while ${shown} rows are scrolled`, slowdown: 1, unit: "ms", asked: FRAME_MS },
      await scroll(adas),
    ),
  );
  figures.push(...(await filter(house, adas, slowdowns)));
  await adas.close();
  return figures;
}

/** A person in a workspace with everything in it at its top, which is the longest list there can be. */
async function fillWorkspace({ stack }: House): Promise<Person> {
  const ada = await createPerson(stack, "Ada");
  const workspaceId = await ada.convex.mutation(api.workspaces.create, { name: WORKSPACE });
  await atOnce(PEOPLE - 1, async (n) => {
    const person = await createPerson(stack, `Member ${n}`);
    const invitation = { workspaceId, email: person.email, role: "member", days: 1 } as const;
    const token = await ada.convex.mutation(api.invitations.create, invitation);
    await person.convex.mutation(api.invitations.accept, { token });
  });
  await atOnce(DOCUMENTS, (n) => {
    const title = `${SUBJECTS[n % SUBJECTS.length] ?? ""} notes of week ${n}`;
    return ada.convex.mutation(api.documents.create, { title, workspaceId });
  });
  return ada;
}

async function atOnce(count: number, act: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function enter(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Switch workspace" }).click();
  await page.getByRole("menuitem", { name: WORKSPACE }).click();
  await page.locator(LIST).first().waitFor();
}

/** Milliseconds from the start of a navigation, with the page itself in the service worker's cache. */
async function firstPaints({ page }: Visit, runs: number, kept: boolean): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    if (!kept) await forgetLists(page);
    await page.reload();
    times.push((await sightOf(page, "listed")).painted);
  }
  return times;
}

/** What `src/offline/names.ts` calls the answers that are kept. From a page without a connection to them. */
async function forgetLists(page: Page): Promise<void> {
  const url = page.url();
  await page.goto("/favicon.svg");
  await page.evaluate(async () => {
    const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
    for (const name of names.filter((known) => known.startsWith("ripple-lists/"))) {
      await new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = resolve;
        request.onerror = reject;
      });
    }
  });
  await page.goto(url);
}

async function scroll({ page, devtools }: Visit): Promise<number[]> {
  const box = await page.locator(LIST).first().boundingBox();
  if (box === null) throw new Error("there is no list to scroll");
  await page.evaluate(() => window.probe.watchFrames(true));
  const at = { x: box.x + box.width / 2, y: 500, gestureSourceType: "mouse" } as const;
  await devtools.send("Input.synthesizeScrollGesture", { ...at, yDistance: -12_000, speed: 3_000 });
  await devtools.send("Input.synthesizeScrollGesture", { ...at, yDistance: 12_000, speed: 3_000 });
  return page.evaluate(() => window.probe.watchFrames(false));
}

/** Scrolls to the end until there is no more of it. Returns how many rows there are. */
async function showAll(page: Page): Promise<number> {
  const rows = page.locator(LIST);
  while ((await rows.count()) < DOCUMENTS) {
    await rows.last().scrollIntoViewIfNeeded();
    await page.waitForTimeout(20);
  }
  await rows.first().scrollIntoViewIfNeeded();
  return rows.count();
}

async function filter(house: House, adas: Visit, slowdowns: readonly number[]): Promise<Figure[]> {
  const { page } = adas;
  const field = page.getByRole("textbox", { name: "Filter the lists" });
  await page.context().setOffline(true);
  await house.stack.convex.kill();
  // The page has noticed: from now on it filters by itself.
  await page
    .getByRole("navigation", { name: "Workspace" })
    .getByRole("button", { name: "New document", disabled: true })
    .waitFor();
  const figures: Figure[] = [];
  for (const slowdown of slowdowns) {
    await adas.slowDown(slowdown);
    const times: number[] = [];
    for (const subject of SUBJECTS.slice(1)) {
      await watchFor(page, { found: { selector: `${LIST} span[dir]`, text: subject } });
      await field.fill(subject);
      const { painted } = await sightOf(page, "found");
      times.push(painted - (await page.evaluate(() => window.probe.inputAt)) - TYPING_PAUSE_MS);
    }
    figures.push(
      figureOf(
        {
          what: "filter 5,000 titles locally",
          slowdown,
          unit: "ms",
          asked: slowdown === 1 ? FILTER_MS : null,
        },
        times,
      ),
    );
  }
  await adas.slowDown(1);
  await house.stack.convex.start();
  await page.context().setOffline(false);
  return figures;
}
