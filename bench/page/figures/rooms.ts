/**
 * From the press of a link in the sidebar until the page is in step with the room: its status says so. A cold room is
 * on the disk of a server that has just been started; a warm one has somebody in it. This browser has been in none.
 */
import type { Page } from "@playwright/test";
import { createPerson } from "../../../e2e/people";
import { figureOf, type Figure } from "../figure";
import { visit, type House, type Visit } from "../house";
import { sightOf, watchFor, type View } from "../probe";
import { makeDocument, sit } from "../writing";

const BYTES = 20_000;
const COLD_P50_MS = 150;

export const IN_STEP: Record<string, View> = {
  live: { selector: '[role="status"][aria-label="Connection"]', text: "Live" },
};

const LISTED = { listed: { selector: 'nav[aria-label="Workspace"] li a[href]' } };

export async function rooms(house: House, runs: number, slowdowns: readonly number[]): Promise<Figure[]> {
  const { stack } = house;
  const ada = await createPerson(stack, "Ada");
  const documents = (kind: string) =>
    Promise.all(
      Array.from({ length: runs }, (_, n) => makeDocument(stack.partykitHost, ada, `${kind} ${n}`, BYTES)),
    );
  const first = await makeDocument(stack.partykitHost, ada, "The first", BYTES);
  const [cold, warm] = [new Map<number, string[]>(), new Map<number, string[]>()];
  for (const slowdown of slowdowns) {
    cold.set(slowdown, await documents(`cold ${slowdown}`));
    warm.set(slowdown, await documents(`warm ${slowdown}`));
  }
  await stack.partykit.stop();
  await stack.partykit.start();

  const adas = await visit(house, ada, LISTED);
  await press(adas, first);
  const figures: Figure[] = [];
  for (const slowdown of slowdowns) {
    await adas.slowDown(slowdown);
    for (const [kind, ids] of Object.entries({ cold: cold.get(slowdown), warm: warm.get(slowdown) })) {
      const times: number[] = [];
      for (const id of ids ?? []) {
        const seat = kind === "warm" ? await sit(stack.partykitHost, ada, id) : null;
        times.push(await press(adas, id));
        seat?.leave();
      }
      const asked = kind === "cold" && slowdown === 1 ? COLD_P50_MS : null;
      figures.push(
        figureOf({ what: `press of a link to first sync, ${kind} room`, slowdown, unit: "ms", asked }, times),
      );
    }
  }
  await adas.close();
  return figures;
}

/** Presses the document's link in the sidebar; returns the milliseconds until it is in step. */
async function press({ page }: Visit, documentId: string): Promise<number> {
  await leaveRoom(page);
  const link = page.locator(`nav[aria-label="Workspace"] a[href="/d/${documentId}"]`).first();
  await link.scrollIntoViewIfNeeded();
  await watchFor(page, IN_STEP);
  await link.tap();
  const { seen } = await sightOf(page, "live");
  return seen - (await page.evaluate(() => window.probe.pressedAt));
}

/** Goes to a page without a room. */
export async function leaveRoom(page: Page): Promise<void> {
  await page.locator('nav[aria-label="Workspace"] a[href="/trash"]').tap();
  await page.getByRole("heading", { name: "Trash" }).waitFor();
}
