import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DIAGRAM_ELEMENTS } from "../../protocol/content";
import { PUSH_INTERVAL_MS } from "./diagram-binding";
import { inDrawingOrder, isDrawable } from "./elements";
import { Network, randomFrom, type Client, type TestElement } from "./fake-scene.fixture";

function element(id: string, change: Partial<TestElement> = {}): TestElement {
  const place = { x: 0, y: 0, width: 10, height: 10, angle: 0, groupIds: [] };
  return {
    id,
    type: "rectangle",
    version: 1,
    versionNonce: 1,
    index: null,
    isDeleted: false,
    ...place,
    ...change,
  };
}

const sceneOf = ({ scene }: Client) => inDrawingOrder(scene.read().filter(({ isDeleted }) => !isDeleted));

function expectAgreement({ clients }: Network) {
  const [first, ...others] = clients;
  if (first === undefined) return;
  for (const other of others) expect(sceneOf(other)).toEqual(sceneOf(first));
  for (const { id } of sceneOf(first)) {
    const stored = first.map.get(id);
    expect(isDrawable(stored, id)).toBe(true);
    expect(sceneOf(first).find((it) => it.id === id)).toEqual(stored);
  }
}

/** Libraries of diagrams that may lie beside the repository; generated ones otherwise. */
const LIBRARIES = import.meta.glob<string>("../../../shared/diagrams/*.excalidrawlib", {
  query: "?raw",
  import: "default",
  eager: true,
});

function realDrawings(): TestElement[][] {
  const found = Object.values(LIBRARIES).flatMap((text) => {
    const library = JSON.parse(text) as { libraryItems: { elements: TestElement[] }[] };
    return library.libraryItems.map(({ elements }) => elements);
  });
  const generated = Array.from({ length: 6 }, (_, drawing) =>
    Array.from({ length: 40 }, (_, i) =>
      element(`g${drawing}-${i}`, i % 3 === 0 ? LINE : { x: i * 10, groupIds: [`group${i % 4}`] }),
    ),
  );
  const drawings = found.length > 0 ? found : generated;
  // An id may stand in several drawings of a library; in one diagram it is one element.
  const seen = new Set<string>();
  return drawings.map((drawing) => drawing.filter(({ id }) => !seen.has(id) && seen.add(id)));
}

const LINE = {
  type: "line",
  points: [
    [0, 0],
    [10, 5],
  ],
} as Partial<TestElement>;

describe("the diagram binding", () => {
  let network: Network;
  const twoClients = (): [Client, Client] => {
    network = new Network(2, randomFrom(1));
    return network.clients as [Client, Client];
  };

  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    network.stop();
    vi.useRealTimers();
  });

  it("keeps elements where stored diagrams have them", () => {
    const [ada] = twoClients();
    ada.scene.add(element("a"));
    expect(DIAGRAM_ELEMENTS).toBe("elements");
    expect([...ada.doc.getMap("elements").keys()]).toEqual(["a"]);
  });

  it("shows the other what one draws, and keeps the copies apart", () => {
    const [ada, bea] = twoClients();
    ada.scene.add(element("a"));
    network.settle();
    expect(sceneOf(bea).map(({ id }) => id)).toEqual(["a"]);
    bea.scene.change("a", { x: 5 });
    expect(ada.map.get("a")).toMatchObject({ x: 0 });
    network.settle();
    expect(sceneOf(ada)[0]).toMatchObject({ x: 5 });
    expectAgreement(network);
  });

  it("writes a drag at most once per interval, its end included", () => {
    const [ada] = twoClients();
    ada.scene.add(element("a"));
    let updates = 0;
    ada.doc.on("update", () => updates++);
    for (let x = 1; x <= 100; x++) {
      ada.scene.change("a", { x });
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(PUSH_INTERVAL_MS);
    expect(updates).toBeLessThanOrEqual(1_000 / PUSH_INTERVAL_MS + 1);
    expect(ada.map.get("a")).toMatchObject({ x: 100 });
  });

  it("writes what is waiting when it stops, even if the scene is empty by then", () => {
    const [ada] = twoClients();
    ada.scene.add(element("a"));
    ada.scene.change("a", { x: 7 });
    ada.scene.elements = [];
    network.stop();
    expect(ada.map.get("a")).toMatchObject({ x: 7 });
  });

  it("lets the newer of two versions win, whichever one Yjs prefers", () => {
    const [ada, bea] = twoClients();
    ada.scene.add(element("a"));
    network.settle();
    for (let x = 1; x <= 5; x++) ada.scene.change("a", { x });
    ada.binding.flush();
    // Yjs keeps the write of the higher client id, and Bea has it.
    bea.scene.change("a", { x: 99 });
    bea.binding.flush();
    network.settle();
    expect(sceneOf(bea)[0]).toMatchObject({ x: 5 });
    expectAgreement(network);
  });

  it("does not take an element out of the hands that shape it, and keeps what they made", () => {
    const [ada, bea] = twoClients();
    ada.scene.add(element("a"));
    network.settle();
    ada.scene.shaping.add("a");
    for (let x = 1; x <= 9; x++) bea.scene.change("a", { x });
    network.settle();
    expect(sceneOf(ada)[0]).toMatchObject({ x: 0 });
    ada.scene.change("a", { width: 77 });
    ada.scene.shaping.clear();
    ada.binding.sceneChanged();
    network.settle();
    expect(sceneOf(bea)[0]).toMatchObject({ width: 77 });
    expectAgreement(network);
  });

  it("takes the other's version when the hands let go without having changed anything", () => {
    const [ada, bea] = twoClients();
    ada.scene.add(element("a"));
    network.settle();
    ada.scene.shaping.add("a");
    bea.scene.change("a", { x: 3 });
    network.settle();
    ada.scene.shaping.clear();
    ada.binding.sceneChanged();
    expect(sceneOf(ada)[0]).toMatchObject({ x: 3 });
  });

  it("lets a change to what somebody else holds wait, and puts it on top of theirs when they let go", () => {
    const [ada, bea] = twoClients();
    ada.scene.add(element("a"));
    network.settle();
    bea.held.add("a");
    for (let x = 1; x <= 9; x++) {
      ada.scene.change("a", { x });
      if (x === 3) bea.scene.change("a", { width: 50 });
      network.settle();
    }
    expect(sceneOf(ada)[0]).toMatchObject({ x: 9, width: 10 });
    expect(sceneOf(bea)[0]).toMatchObject({ x: 2, width: 50 });
    bea.held.clear();
    bea.binding.sceneChanged();
    network.settle();
    expect(sceneOf(ada)[0]).toMatchObject({ x: 9, width: 50 });
    expectAgreement(network);
  });

  it("follows what somebody else holds, if the person did nothing to it", () => {
    const [ada, bea] = twoClients();
    ada.scene.add(element("a"));
    network.settle();
    bea.held.add("a");
    ada.scene.change("a", { x: 3 });
    network.settle();
    expect(sceneOf(bea)[0]).toMatchObject({ x: 3 });
    expectAgreement(network);
  });

  it("writes a change that waits for a hold when it stops", () => {
    const [ada, bea] = twoClients();
    ada.scene.add(element("a"));
    network.settle();
    bea.held.add("a");
    bea.scene.change("a", { width: 50 });
    network.settle();
    expect(sceneOf(ada)[0]).toMatchObject({ width: 10 });
    const { map } = bea;
    network.stop();
    expect(map.get("a")).toMatchObject({ width: 50 });
  });

  it("puts back what an initialisation of Excalidraw wiped", () => {
    const [ada, bea] = twoClients();
    ada.scene.add(element("a"));
    network.settle();
    bea.scene.elements = [];
    bea.binding.sceneChanged();
    expect(sceneOf(bea).map(({ id }) => id)).toEqual(["a"]);
    network.settle();
    expectAgreement(network);
  });

  it("does not bring back a deleted element because somebody moved it at the same time", () => {
    const [ada, bea] = twoClients();
    ada.scene.add(element("a"));
    network.settle();
    ada.scene.change("a", { x: 1 });
    ada.scene.change("a", { isDeleted: true });
    bea.scene.change("a", { x: 2 });
    network.settle();
    expect(sceneOf(ada)).toEqual([]);
    expectAgreement(network);
  });

  it("does not show what Excalidraw could not draw, and does not touch it", () => {
    const [ada, bea] = twoClients();
    const broken = { id: "b", type: "line", version: 3 };
    ada.map.set("b", broken);
    ada.map.set("c", "not an element");
    ada.scene.add(element("a"));
    network.settle();
    expect(sceneOf(bea).map(({ id }) => id)).toEqual(["a"]);
    expect(bea.map.get("b")).toEqual(broken);
  });

  it("writes nothing for a viewer, and shows them the newest even if their own order was mended", () => {
    network = new Network(2, randomFrom(3), (index) => index === 0);
    const [ada, vera] = network.clients as [Client, Client];
    ada.scene.add(element("a"));
    network.settle();
    for (let i = 0; i < 4; i++) vera.scene.change("a", { index: `z${i}` });
    ada.scene.change("a", { x: 8 });
    network.settle();
    expect(sceneOf(vera)[0]).toMatchObject({ x: 8 });
    expect(ada.map.get("a")).toMatchObject({ x: 8 });
  });

  it("carries real drawings whole, while several people move groups of them", () => {
    const random = randomFrom(7);
    network = new Network(3, random);
    const drawings = realDrawings();
    drawings.forEach((drawing, i) => {
      for (const it of drawing) network.clients[i % 3]?.scene.add({ ...it, index: null });
    });
    network.settle();
    for (let round = 0; round < 20; round++) {
      for (const { scene } of network.clients) {
        const from = Math.floor(random() * scene.elements.length);
        for (const { id, x } of scene.elements.slice(from, from + 8)) scene.change(id, { x: x + round });
        vi.advanceTimersByTime(20);
        for (let i = 0; i < 3; i++) network.deliverOne();
      }
    }
    network.settle();
    expectAgreement(network);
    const expected = drawings.flat().map(({ id, type }) => `${id} ${type}`);
    const [first] = network.clients;
    expect(
      first &&
        sceneOf(first)
          .map(({ id, type }) => `${id} ${type}`)
          .sort(),
    ).toEqual(expected.sort());
  });

  it("agrees in the end, whatever several people do at once", () => {
    twoClients();
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 4 }), (seed, people) => {
        const random = randomFrom(seed);
        network.stop();
        network = new Network(people, random);
        const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
        let made = 0;
        for (let step = 0; step < 150; step++) {
          const client = pick(network.clients);
          const target = pick(client?.scene.read() ?? []);
          const dice = random();
          if (dice < 0.3) network.deliverOne();
          else if (dice < 0.45) client?.binding.flush();
          else if (dice < 0.55 || target === undefined) client?.scene.add(element(`e${made++}`));
          else if (dice < 0.75) client?.scene.change(target.id, { x: step });
          else if (dice < 0.82) client?.scene.change(target.id, { isDeleted: !target.isDeleted });
          else if (dice < 0.88) client?.scene.change(target.id, { index: `a${Math.floor(random() * 9)}` });
          else if (dice < 0.91) client?.scene.shaping.add(target.id);
          else if (dice < 0.94) client?.scene.shaping.clear();
          else if (dice < 0.97) client?.held.add(target.id);
          else client?.held.clear();
        }
        for (const { scene, binding, held } of network.clients) {
          scene.shaping.clear();
          held.clear();
          binding.sceneChanged();
        }
        network.settle();
        expectAgreement(network);
      }),
      { numRuns: 200 },
    );
  });
});
