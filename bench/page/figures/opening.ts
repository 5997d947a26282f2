/**
 * A document that this browser has a copy of, opened again: until it can be typed into, and what goes over the wire
 * when nothing has changed.
 */
import { createPerson } from "../../../e2e/people";
import { roomIdFor } from "../../../protocol/rooms";
import { figureOf, type Figure } from "../figure";
import { visit, type House, type Visit } from "../house";
import { sightOf, watchFor, type View } from "../probe";
import { makeDocument, OPENING } from "../writing";
import { IN_STEP, leaveRoom } from "./rooms";

const SMALL = { name: "20 KB", bytes: 20_000, askedMs: 300 };
const LARGE = { name: "1 MB", bytes: 1_000_000, askedMs: 600 };
const RELOAD_BYTES = 5_000;

/** The opcode of a text frame; others are handed out in base64. */
const TEXT = 1;

interface Frame {
  opcode: number;
  payloadData: string;
}

/** After "Saved" a page may still have something to say. */
const QUIET_MS = 2_000;

const EDITABLE: Record<string, View> = {
  editable: {
    selector: '[role="textbox"][aria-label="Document"][contenteditable="true"] .bn-inline-content',
    text: OPENING,
  },
};

export async function opening(house: House, runs: number, slowdowns: readonly number[]): Promise<Figure[]> {
  const { stack } = house;
  const ada = await createPerson(stack, "Ada");
  const other = await makeDocument(stack.partykitHost, ada, "Another", 1_000);
  const adas = await visit(house, ada);
  const figures: Figure[] = [];
  for (const { name, bytes, askedMs } of [SMALL, LARGE]) {
    const id = await makeDocument(stack.partykitHost, ada, name, bytes);
    await adas.page.goto(`/d/${id}`);
    await untilSaved(adas);
    for (const slowdown of slowdowns) {
      const times: number[] = [];
      for (let run = 0; run < runs; run++) times.push(await openAgain(adas, other, id, slowdown));
      const what = `open a kept document of ${name}, press to editable and painted`;
      figures.push(figureOf({ what, slowdown, unit: "ms", asked: slowdown === 1 ? askedMs : null }, times));
    }
    const bytesOfReload: number[] = [];
    for (let run = 0; run < Math.min(runs, 5); run++) bytesOfReload.push(await reload(adas, id));
    const what = `reload an unchanged document of ${name}, its room's WebSocket`;
    figures.push(figureOf({ what, slowdown: 1, unit: "bytes", asked: RELOAD_BYTES }, bytesOfReload));
  }
  await adas.close();
  return figures;
}

/** In a page that has the route's code and no session with the document: the copy comes from IndexedDB. */
async function openAgain(visited: Visit, otherId: string, id: string, slowdown: number): Promise<number> {
  const { page } = visited;
  await visited.slowDown(1);
  await page.goto(`/d/${otherId}`);
  await untilSaved(visited);
  // Not straight from the other document, whose text would be taken for this one's.
  await leaveRoom(page);
  const link = page.locator(`nav[aria-label="Workspace"] a[href="/d/${id}"]`).first();
  await link.scrollIntoViewIfNeeded();
  await visited.slowDown(slowdown);
  await watchFor(page, { ...EDITABLE });
  await link.tap();
  const { painted } = await sightOf(page, "editable");
  return painted - (await page.evaluate(() => window.probe.pressedAt));
}

async function reload({ page }: Visit, id: string): Promise<number> {
  await page.goto(`/d/${id}`);
  await untilSaved({ page });
  const network = await page.context().newCDPSession(page);
  const sockets = new Set<string>();
  let bytes = 0;
  const count = (requestId: string, { opcode, payloadData }: Frame) => {
    if (sockets.has(requestId)) bytes += Buffer.from(payloadData, opcode === TEXT ? "utf8" : "base64").length;
  };
  network.on("Network.webSocketCreated", ({ requestId, url }) => {
    if (url.includes(roomIdFor("doc", id))) sockets.add(requestId);
  });
  network.on("Network.webSocketFrameReceived", ({ requestId, response }) => count(requestId, response));
  network.on("Network.webSocketFrameSent", ({ requestId, response }) => count(requestId, response));
  await network.send("Network.enable");
  await page.reload();
  await untilSaved({ page });
  await page.waitForTimeout(QUIET_MS);
  await network.detach();
  if (sockets.size === 0) throw new Error("the page has not connected to the room");
  return bytes;
}

async function untilSaved({ page }: Pick<Visit, "page">): Promise<void> {
  await page.locator(IN_STEP.live?.selector ?? "", { hasText: "Saved" }).waitFor({ timeout: 60_000 });
}
