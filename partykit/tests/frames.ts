/** Frames for raw clients: whole ones, and what a broken or hostile client makes of them. */
import * as encoding from "lib0/encoding";
import * as syncProtocol from "y-protocols/sync";
import * as Y from "yjs";
import { encodeClientMessage } from "../../protocol/messages";
import type { Random } from "./random";

type Frame = Uint8Array<ArrayBuffer>;

function sync(write: (encoder: encoding.Encoder) => void): Frame {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

export function updateFrame(update: Uint8Array): Frame {
  return sync((encoder) => syncProtocol.writeUpdate(encoder, update));
}

export function awarenessFrame(clientId: number, clock: number, json: string): Frame {
  const body = encoding.createEncoder();
  encoding.writeVarUint(body, 1);
  encoding.writeVarUint(body, clientId);
  encoding.writeVarUint(body, clock);
  encoding.writeVarString(body, json);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body));
  return encoding.toUint8Array(encoder);
}

/** One of each kind that a client sends, about a document of its own. */
export function messages(doc: Y.Doc = sample()) {
  return {
    "a sync step 1": sync((encoder) => syncProtocol.writeSyncStep1(encoder, doc)),
    "a sync step 2": sync((encoder) => syncProtocol.writeSyncStep2(encoder, doc)),
    "an update": updateFrame(Y.encodeStateAsUpdate(doc)),
    "an awareness state": awarenessFrame(doc.clientID, 3, '{"cursor":{"x":1,"y":2}}'),
    "a departure": awarenessFrame(doc.clientID, 3, "null"),
    "a barrier": encodeClientMessage({ kind: "barrier", barrier: 300 }),
  };
}

/** All that a document can hold, under names that nobody else uses. */
function sample(): Y.Doc {
  const doc = new Y.Doc();
  const scratch = doc.getMap("scratch");
  scratch.set("any", { a: [1, "two", null, true, 2.5], b: new Uint8Array([1, 2, 3]) });
  scratch.set("text", new Y.Text("scribble"));
  scratch.set("gone", 1);
  scratch.delete("gone");
  const text = doc.getText("scratchtext");
  text.insert(0, "some bold text", { bold: true });
  text.insertEmbed(3, { image: "x" });
  text.delete(0, 2);
  doc.getXmlFragment("scratchxml").insert(0, [new Y.XmlElement("p"), new Y.XmlText("x")]);
  return doc;
}

/** A frame that is random, or one of `good` with some bytes changed, cut, repeated or inserted. */
export function mangled(dice: Random, good: Frame[]): Frame | string {
  if (dice.next() < 0.15) return dice.bytes(dice.integer(0, 60));
  if (dice.next() < 0.05) return String.fromCharCode(...dice.bytes(dice.integer(0, 40)));
  if (dice.next() < 0.05)
    return `y-pk-batch#{"id":"a","type":"${dice.pick(["start", "end"])}","size":9,"count":2}`;
  let bytes = [...dice.pick(good)];
  // The first two bytes say what it is: a mutation there is soon seen through.
  for (let mutations = dice.integer(0, 3); mutations > 0; mutations--) {
    const at = dice.integer(2, Math.max(2, bytes.length - 1));
    switch (dice.integer(0, 3)) {
      case 0:
        bytes[at] = dice.integer(0, 255);
        break;
      case 1:
        bytes = bytes.slice(0, at);
        break;
      case 2:
        bytes.splice(at, 0, ...dice.bytes(dice.integer(1, 4)));
        break;
      default:
        bytes.splice(at, 0, ...bytes.slice(at, at + dice.integer(1, 20)));
    }
  }
  return Uint8Array.from(bytes);
}
