/** From the press of a key until the letter is painted, alone and while others move their carets through the same text. */
import { api } from "../../../convex/_generated/api";
import { createPerson } from "../../../e2e/people";
import { goToEnd } from "../../../e2e/browser";
import { PUBLISH_INTERVAL_MS } from "../../../src/collaboration/awareness-publisher";
import { figureOf, type Figure } from "../figure";
import { visit, type House, type Visit } from "../house";
import { makeDocument, sit, wander, type Seat } from "../writing";

const BYTES = 20_000;
const OTHERS = 20;
const LETTERS = 120;
const ASKED_MS = 16;

/** About as somebody who types fast; no multiple of a frame, so that keys fall everywhere between two frames. */
const KEY_INTERVAL_MS = 117;

export async function typing(house: House, _runs: number, slowdowns: readonly number[]): Promise<Figure[]> {
  const { stack } = house;
  const ada = await createPerson(stack, "Ada");
  const id = await makeDocument(stack.partykitHost, ada, "Typed into", BYTES);
  const adas = await visit(house, ada);
  await adas.page.goto(`/d/${id}`);
  await goToEnd(adas.page);
  await adas.page.evaluate(() => window.probe.watchKeys());
  const figures: Figure[] = [];
  const type = async (others: number) => {
    for (const slowdown of slowdowns) {
      await adas.slowDown(slowdown);
      const times = await keyTimes(adas);
      const asked = others === OTHERS && slowdown === 1 ? ASKED_MS : null;
      figures.push(
        figureOf({ what: `key to paint, ${others} others move`, slowdown, unit: "ms", asked }, times),
      );
    }
    await adas.slowDown(1);
  };
  await type(0);

  const seats: Seat[] = [];
  for (let n = 0; n < OTHERS; n++) {
    const person = await createPerson(stack, `Mover ${n}`);
    await ada.convex.mutation(api.documents.addMember, {
      documentId: id,
      email: person.email,
      role: "editor",
    });
    seats.push(await sit(stack.partykitHost, person, id));
  }
  const stops = seats.map((seat, n) => wander(seat, `Mover ${n}`, PUBLISH_INTERVAL_MS));
  await adas.page.waitForFunction(
    (count) => document.querySelectorAll("[data-cursor-of]").length >= count,
    OTHERS,
  );
  await type(OTHERS);
  for (const stop of stops) stop();
  for (const seat of seats) seat.leave();
  await adas.close();
  return figures;
}

async function keyTimes({ page }: Visit): Promise<number[]> {
  await page.evaluate(() => {
    window.probe.keyTimes = [];
  });
  for (let n = 0; n < LETTERS; n++) {
    await page.keyboard.press(n % 6 === 5 ? "Space" : "e");
    await page.waitForTimeout(KEY_INTERVAL_MS);
  }
  await page.waitForFunction((count) => window.probe.keyTimes.length >= count, LETTERS);
  return page.evaluate(() => window.probe.keyTimes);
}
