/**
 * How deep the content of an update is nested. Yjs writes JSON, and deletes a type with everything in it, by recursion,
 * and knows no limit. So one short update that nests some thousand levels deep makes a document that cannot be encoded,
 * or that throws whenever it is opened: in the room, in its backups and in every page. It has to be refused before
 * the document has it.
 *
 *   values   JSON in a map, an array, a text's attributes or an embed
 *   types    a map in a map, an element in an element. Where an item hangs may be known only together with updates
 *            that wait, so those are looked at too, each time until they are let in.
 */
import * as Y from "yjs";
import { TYPES_MAX_DEPTH, VALUE_MAX_DEPTH } from "../../protocol/limits";

type Struct = ReturnType<typeof Y.decodeUpdate>["structs"][number];
type Store = Y.Doc["store"];
type Structs = readonly Struct[];

/** Whether `update` would nest too deeply in the document of `store`, in which `waiting` is not integrated yet. */
export function nestsTooDeeply(update: Structs, waiting: Structs, store: Store): boolean {
  if (update.some((struct) => struct instanceof Y.Item && hasDeepValue(struct.content))) return true;
  const types = [...update, ...waiting].filter(isType);
  if (types.length === 0) return false;
  const depths = new Depths([indexOf(update), indexOf(waiting)], store);
  return types.some((type) => depths.around(type) >= TYPES_MAX_DEPTH);
}

function isType(struct: Struct): struct is Y.Item {
  return struct instanceof Y.Item && struct.content instanceof Y.ContentType;
}

function hasDeepValue(content: Y.Item["content"]): boolean {
  if (content instanceof Y.ContentAny || content instanceof Y.ContentJSON) return isDeep(content.arr);
  if (content instanceof Y.ContentEmbed) return isDeep([content.embed]);
  if (content instanceof Y.ContentFormat) return isDeep([content.value]);
  return content instanceof Y.ContentDoc && isDeep([content.opts]);
}

function isDeep(values: unknown[]): boolean {
  let level = containersIn(values);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > VALUE_MAX_DEPTH) return true;
    level = level.flatMap((container) => containersIn(Object.values(container)));
  }
  return false;
}

function containersIn(values: unknown[]): object[] {
  return values.filter(isContainer);
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}

/** By client, in the order of their clocks, as they are in an update. */
type Index = Map<number, Struct[]>;

function indexOf(structs: Structs): Index {
  const index: Index = new Map();
  for (const struct of structs) {
    const ofClient = index.get(struct.id.client);
    if (ofClient === undefined) index.set(struct.id.client, [struct]);
    else ofClient.push(struct);
  }
  return index;
}

/** How many types are around an item. Without recursion: chains of items are as long as updates. */
class Depths {
  readonly #known = new Map<Y.Item, number>();

  constructor(
    readonly indexes: Index[],
    readonly store: Store,
  ) {}

  around(item: Y.Item): number {
    const path = [item];
    const onPath = new Set(path);
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const places = this.#placesOf(last);
      // What refers to itself in a circle is never integrated.
      const next = places.find(
        ({ item: at }) => at !== null && !this.#known.has(at) && !onPath.has(at),
      )?.item;
      if (next !== undefined && next !== null) {
        path.push(next);
        onPath.add(next);
        continue;
      }
      const depths = places.map(
        ({ item: at, depth }) => depth + (at === null ? 0 : (this.#known.get(at) ?? 0)),
      );
      this.#known.set(last, Math.max(0, ...depths));
      onPath.delete(last);
      path.pop();
    }
    return this.#known.get(item) ?? 0;
  }

  /** An item is in its parent, and where its neighbours are. Each counts: Yjs decides later which one it believes. */
  #placesOf({ parent, origin, rightOrigin }: Y.Item): { item: Y.Item | null; depth: number }[] {
    return [
      ...(parent instanceof Y.ID ? this.#find(parent, 1) : []),
      ...(origin === null ? [] : this.#find(origin, 0)),
      ...(rightOrigin === null ? [] : this.#find(rightOrigin, 0)),
    ];
  }

  #find({ client, clock }: Y.ID, depth: number): { item: Y.Item | null; depth: number }[] {
    if (clock < Y.getState(this.store, client)) {
      return [{ item: null, depth: depth + depthInStore(this.store, Y.createID(client, clock)) }];
    }
    return this.indexes.flatMap((index) => {
      const structs = index.get(client) ?? [];
      const struct = structs[indexAt(structs, clock)];
      const isThere =
        struct instanceof Y.Item && struct.id.clock <= clock && clock < struct.id.clock + struct.length;
      return isThere ? [{ item: struct, depth }] : [];
    });
  }
}

/** Of the struct that `clock` is in, or of the last before it. */
function indexAt(structs: Struct[], clock: number): number {
  let low = 0;
  let high = structs.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((structs[middle]?.id.clock ?? 0) <= clock) low = middle;
    else high = middle - 1;
  }
  return low;
}

function depthInStore(store: Store, id: Y.ID): number {
  const struct: Y.Item | Y.GC = Y.getItem(store, id);
  let depth = 0;
  let around = struct instanceof Y.Item ? struct.parent : null;
  while (around instanceof Y.AbstractType && around._item !== null && depth <= TYPES_MAX_DEPTH) {
    depth += 1;
    around = around._item.parent;
  }
  return depth;
}
