/** A scene that behaves like Excalidraw's where the binding can notice, and a network between several of them. */
import * as Y from "yjs";
import { DIAGRAM_ELEMENTS } from "../../protocol/content";
import { bindDiagram, type DiagramBinding, type Scene } from "./diagram-binding";
import type { DiagramElement } from "./elements";

export interface TestElement extends DiagramElement {
  x: number;
  y: number;
  width: number;
  height: number;
  angle: number;
  groupIds: string[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export type Random = () => number;

/** mulberry32: small, repeatable. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class FakeScene implements Scene<TestElement> {
  elements: Mutable<TestElement>[] = [];
  readonly shaping = new Set<string>();
  onChange: () => void = () => undefined;

  constructor(readonly random: Random) {}

  nonce = () => Math.floor(this.random() * 2 ** 31);
  read = () => this.elements;
  beingShaped = () => this.shaping;

  write = (elements: TestElement[]) => {
    this.elements = elements;
    this.#mendOrder();
    this.onChange();
  };

  /** What a person does to an element, in place as Excalidraw does it. */
  change(id: string, change: Partial<TestElement>) {
    const element = this.elements.find((it) => it.id === id);
    if (element === undefined) throw new Error(`no element ${id}`);
    this.#mutate(element, change);
    this.onChange();
  }

  add(element: TestElement) {
    this.elements = [...this.elements, { ...element }];
    this.#mendOrder();
    this.onChange();
  }

  #mutate(element: Mutable<TestElement>, change: Partial<TestElement>) {
    Object.assign(element, change, { version: element.version + 1, versionNonce: this.nonce() });
  }

  /** Excalidraw gives a new index to whatever is not behind its predecessor. */
  #mendOrder() {
    let last = "";
    for (const element of this.elements) {
      if (element.index === null || element.index <= last) this.#mutate(element, { index: `${last}V` });
      last = element.index ?? last;
    }
  }
}

export interface Client {
  doc: Y.Doc;
  map: Y.Map<unknown>;
  scene: FakeScene;
  binding: DiagramBinding;
  /** What others hold. */
  held: Set<string>;
}

/** Clients whose updates reach the others only when the test delivers them, in any order per receiver. */
export class Network {
  readonly clients: Client[] = [];
  readonly #inFlight: { to: Client; update: Uint8Array }[] = [];

  constructor(
    count: number,
    readonly random: Random,
    mayWrite: (index: number) => boolean = () => true,
  ) {
    for (let index = 0; index < count; index++) {
      const doc = new Y.Doc();
      doc.clientID = index + 1;
      const map = doc.getMap(DIAGRAM_ELEMENTS);
      const scene = new FakeScene(random);
      const held = new Set<string>();
      const binding = bindDiagram(map, scene, {
        mayWrite: () => mayWrite(index),
        nonce: scene.nonce,
        isHeld: (id) => held.has(id),
      });
      scene.onChange = binding.sceneChanged;
      const client = { doc, map, scene, binding, held };
      this.clients.push(client);
      doc.on("update", (update: Uint8Array, origin: unknown) => {
        if (origin === this) return;
        for (const to of this.clients) if (to !== client) this.#inFlight.push({ to, update });
      });
    }
  }

  deliverOne(): boolean {
    const [next] = this.#inFlight.splice(Math.floor(this.random() * this.#inFlight.length), 1);
    if (next === undefined) return false;
    Y.applyUpdate(next.to.doc, next.update, this);
    return true;
  }

  /** Everything written and delivered, until nothing is left to say. */
  settle() {
    for (let messages = 0; ; messages++) {
      for (const { binding } of this.clients) binding.flush();
      if (!this.deliverOne()) return;
      if (messages > 100_000) throw new Error("the clients never agree");
    }
  }

  /** Ends every client, once. */
  stop() {
    for (const { binding, doc } of this.clients.splice(0)) {
      binding.stop();
      doc.destroy();
    }
  }
}
