/**
 * Whether one document has everything that another one has. Arithmetic on two Y.Docs only.
 *
 * A live document may have gone on since its backup, so it is not equal to it; but Yjs documents only grow, in what
 * was written and in what was struck out. So piece by piece of the older one:
 *
 *   struck out there        it must be struck out in the newer one too, or somebody's deletion is lost
 *   there                   the newer one has the same at the same place in its author's history, or has struck it out
 */
import * as Y from "yjs";

/** Counts of pieces: a character, an element, a key's value, the beginning or end of a format. */
export interface Difference {
  /** The newer document has never heard of them. */
  lost: number;
  /** Struck out in the older document, and back in the newer one. */
  undeleted: number;
  /** Something else is in their place. */
  altered: number;
}

type Struct = Y.Item | Y.GC;

/** What `newer` lacks of what `older` has. */
export function compare(older: Y.Doc, newer: Y.Doc): Difference {
  const difference: Difference = { lost: 0, undeleted: 0, altered: 0 };
  for (const [client, structs] of older.store.clients) {
    const others = newer.store.clients.get(client) ?? [];
    const end = Y.getState(newer.store, client);
    for (const struct of structs) {
      difference.lost += Math.max(0, struct.id.clock + struct.length - Math.max(end, struct.id.clock));
      compareStruct(struct, others, difference);
    }
  }
  return difference;
}

export function isSame({ lost, undeleted, altered }: Difference): boolean {
  return lost + undeleted + altered === 0;
}

function compareStruct(struct: Struct, others: Struct[], difference: Difference): void {
  const from = struct.id.clock;
  const last = others.at(-1);
  if (last === undefined || from >= last.id.clock + last.length) return;
  const pieces = piecesOf(struct);
  for (let i = Y.findIndexSS(others, from); i < others.length; i++) {
    const other = others[i];
    if (other === undefined || other.id.clock >= from + struct.length) return;
    const begin = Math.max(from, other.id.clock);
    const count = Math.min(from + struct.length, other.id.clock + other.length) - begin;
    if (pieces === null) {
      if (!other.deleted) difference.undeleted += count;
      continue;
    }
    const theirs = piecesOf(other);
    if (theirs === null) continue;
    for (let n = 0; n < count; n++) {
      const [ours, same] = [pieces[begin - from + n], theirs[begin - other.id.clock + n]];
      if (ours !== same && !isHalfCharacter(ours) && !isHalfCharacter(same)) difference.altered += 1;
    }
  }
}

/** One text for each piece, or `null` if all of it was struck out. */
function piecesOf(struct: Struct): string[] | null {
  if (struct.deleted || !(struct instanceof Y.Item)) return null;
  const { content, parentSub } = struct;
  const place = parentSub ?? "";
  if (content instanceof Y.ContentString) return content.str.split("").map((unit) => place + unit);
  if (content instanceof Y.ContentFormat) return [`${content.key}=${JSON.stringify(content.value)}`];
  if (content instanceof Y.ContentType) {
    const { type } = content;
    const name = type instanceof Y.XmlElement ? type.nodeName : "";
    return [`${place}<${type.constructor.name} ${name}>`];
  }
  if (content instanceof Y.ContentBinary) return [place + Buffer.from(content.content).toString("base64")];
  return content.getContent().map((value) => place + JSON.stringify(value));
}

/** Yjs writes this for both halves of a character that it was told to cut in two. */
function isHalfCharacter(piece: string | undefined): boolean {
  return piece?.endsWith("\u{FFFD}") === true;
}
