/**
 * Keeps an Excalidraw scene and a `Y.Map` of elements in step.
 *
 *   scene → map   elements whose version is newer than the map's, at most one transaction per interval
 *   map → scene   elements whose version is newer than the scene's, without a trace in the person's undo history
 *
 * For each element the newest version wins, here as in Excalidraw: by version, then by nonce. Yjs decides
 * differently between two writes at once, so whoever sees a version in the map that is older than the one in
 * their scene writes the newer one again; after that everybody has it.
 *
 * An element that the person is shaping right now is not replaced under their hands. If they changed it in the
 * meantime, their version is made the newer one when they let go; if not, the other's is taken then.
 *
 * What the person does to an element that somebody else holds (`holds.ts`) waits until it is let go. It is then put on
 * top of what the other made of it: both a new colour and a new place survive, and of two places the one that waited.
 *
 * Elements that are missing from the scene are not deleted ones, which stay as tombstones: Excalidraw empties the
 * scene when it initialises again. They are put back.
 *
 * Excalidraw changes elements in place, and a value in a Y.Map must never change: both ways elements are copied.
 */
import type * as Y from "yjs";
import { inDrawingOrder, isDrawable, isSameVersion, supersedes, type DiagramElement } from "./elements";

/** How often a drag is written: often enough to look alive, seldom enough to keep the document small. */
export const PUSH_INTERVAL_MS = 50;

const NONE: ReadonlySet<string> = new Set();

const VERSION_FIELDS: ReadonlySet<string> = new Set(["version", "versionNonce", "updated"]);

/** The drawing on the screen. */
export interface Scene<E> {
  /** All elements, tombstones included. */
  read: () => readonly E[];
  /** Replaces all elements, in this order, without making that something to undo. */
  write: (elements: E[]) => void;
  /** Ids of the elements that the person is drawing, resizing or typing into at this moment. */
  beingShaped: () => ReadonlySet<string>;
}

export interface DiagramBinding {
  /** To be called whenever something in the scene may have changed. */
  sceneChanged: () => void;
  /** Writes what is waiting now. */
  flush: () => void;
  /** Writes what is waiting and lets go of both sides. */
  stop: () => void;
}

export interface BindingOptions {
  /** Asked at every write: a viewer's scene only follows. */
  mayWrite: () => boolean;
  /** A number that no other client picks; tests pass their own to be repeatable. */
  nonce: () => number;
  /** Whether somebody else is dragging this element. When an answer changes, `sceneChanged` is to be called. */
  isHeld: (id: string) => boolean;
}

/** What the person made of an element that somebody else holds, and what it was before. */
interface Waiting<E> {
  mine: E;
  before: E;
}

/** Binds `scene` to `map` and shows what the map holds. `E` is Excalidraw's element. */
export function bindDiagram<E extends DiagramElement>(
  map: Y.Map<unknown>,
  scene: Scene<E>,
  { mayWrite, nonce, isHeld }: BindingOptions,
): DiagramBinding {
  /** The drawable elements of the map, as they are there. */
  const shared = new Map<string, E>();
  /** Scene elements that are newer than the map's. Held themselves, because a scene that goes away is empty. */
  const unwritten = new Map<string, E>();
  /** Elements whose newer version waits for the person to let go, with the nonce they had when it came. */
  const withheld = new Map<string, number>();
  const waiting = new Map<string, Waiting<E>>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let pushedAt = -Infinity;
  const origin = {};

  const readShared = (id: string) => {
    const value = map.get(id);
    if (isDrawable(value, id)) shared.set(id, value as E);
  };

  const push = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (unwritten.size === 0 || !mayWrite()) return;
    pushedAt = Date.now();
    const elements = [...unwritten.values()];
    unwritten.clear();
    map.doc?.transact(() => {
      for (const element of elements) {
        const current = shared.get(element.id);
        if (current !== undefined && !supersedes(element, current)) continue;
        const copy = copyOf(element);
        map.set(copy.id, copy);
        shared.set(copy.id, copy);
      }
    }, origin);
  };

  const waits = (element: E, theirs: E) =>
    mayWrite() && isHeld(element.id) && (waiting.has(element.id) || supersedes(element, theirs));

  /** The person's change on top of `theirs`, to be written. */
  const takeWaiting = (id: string, theirs: E): E | undefined => {
    const change = waiting.get(id);
    if (change === undefined) return undefined;
    waiting.delete(id);
    const mine = {
      ...copyOf(theirs),
      ...changedFields(change),
      version: Math.max(theirs.version, change.mine.version) + 1,
      versionNonce: nonce(),
    };
    unwritten.set(id, mine);
    return mine;
  };

  const pushSoon = () => {
    if (unwritten.size === 0 || timer !== null) return;
    const wait = pushedAt + PUSH_INTERVAL_MS - Date.now();
    if (wait <= 0) push();
    else timer = setTimeout(push, wait);
  };

  /** Brings the newer of both sides into the scene; notes what is newer there. `arrived`: what just came in. */
  const reconcile = (arrived: ReadonlySet<string> = NONE) => {
    const shaping = scene.beingShaped();
    const next = new Map(scene.read().map((element) => [element.id, element]));
    let changed = false;
    for (const element of [...next.values()]) {
      const theirs = shared.get(element.id);
      if (theirs === undefined) {
        // What came and went between two writes needs no tombstone: nobody else has seen it.
        if (element.isDeleted) unwritten.delete(element.id);
        else unwritten.set(element.id, element);
      } else if (waits(element, theirs)) {
        waiting.set(element.id, { mine: element, before: waiting.get(element.id)?.before ?? theirs });
      } else if (waiting.has(element.id)) {
        next.set(element.id, takeWaiting(element.id, theirs) ?? element);
        changed = true;
      } else if (supersedes(element, theirs) && (mayWrite() || !arrived.has(element.id))) {
        // A viewer's scene has newer versions too: Excalidraw mends drawing orders. They must not hide an edit.
        withheld.delete(element.id);
        unwritten.set(element.id, element);
      } else if (!isSameVersion(element, theirs)) {
        unwritten.delete(element.id);
        if (shaping.has(element.id)) {
          if (!withheld.has(element.id)) withheld.set(element.id, element.versionNonce);
          continue;
        }
        const nonceThen = withheld.get(element.id) ?? element.versionNonce;
        withheld.delete(element.id);
        changed = true;
        if (nonceThen === element.versionNonce) {
          next.set(element.id, copyOf(theirs));
        } else {
          const mine = { ...copyOf(element), version: theirs.version + 1, versionNonce: nonce() };
          next.set(element.id, mine);
          unwritten.set(element.id, mine);
        }
      }
    }
    for (const [id, theirs] of shared) {
      if (next.has(id) || theirs.isDeleted) continue;
      next.set(id, copyOf(theirs));
      changed = true;
    }
    if (changed) scene.write(inDrawingOrder(next.values()));
    pushSoon();
  };

  const onMapChange = (event: Y.YMapEvent<unknown>, transaction: Y.Transaction) => {
    if (transaction.origin === origin) return;
    event.keysChanged.forEach(readShared);
    reconcile(event.keysChanged);
  };

  for (const id of map.keys()) readShared(id);
  map.observe(onMapChange);
  reconcile();

  return {
    sceneChanged: () => reconcile(),
    flush: push,
    stop: () => {
      // Who leaves the page cannot wait for anybody to let go.
      for (const id of [...waiting.keys()]) {
        const theirs = shared.get(id);
        if (theirs !== undefined) takeWaiting(id, theirs);
      }
      push();
      if (timer !== null) clearTimeout(timer);
      map.unobserve(onMapChange);
    },
  };
}

/** Without what tells versions apart: that is made anew. */
function changedFields<E extends DiagramElement>({ mine, before }: Waiting<E>): Partial<E> {
  const old = new Map(Object.entries(before));
  const changed = Object.entries(mine).filter(
    ([key, value]) => !VERSION_FIELDS.has(key) && JSON.stringify(value) !== JSON.stringify(old.get(key)),
  );
  return copyOf(Object.fromEntries(changed)) as Partial<E>;
}

/** Elements are plain JSON, which this copies several times faster than `structuredClone`. */
function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, copyOf<unknown>(inner)])) as T;
}
