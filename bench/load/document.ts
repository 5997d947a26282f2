/** A real document for people to join: the text of a recorded session, with the history of how it was typed. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as Y from "yjs";
import { z } from "zod";
import { randomFrom } from "./random";

/** `[position, deleted, inserted]` */
const Patch = z.tuple([z.int().nonnegative(), z.int().nonnegative(), z.string()]);
const Trace = z.object({ txns: z.array(z.object({ patches: z.array(Patch) })) });
type Patch = z.infer<typeof Patch>;

const PATCHES_PER_UPDATE = 1_000;

/** As many as automerge-paper has. */
const GENERATED_PATCHES = 260_000;
const SEED = 7;

export interface TypedDocument {
  /** As its author would have sent it. */
  updates: Uint8Array[];
  /** All of it as one update. */
  whole: Uint8Array;
}

/** `null`: a generated session. */
export function typeDocument(trace: string | null): TypedDocument {
  const patches = trace === null ? generatePatches() : readPatches(trace);
  const doc = new Y.Doc();
  const text = doc.getText("text");
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  for (let from = 0; from < patches.length; from += PATCHES_PER_UPDATE) {
    doc.transact(() => {
      for (const [position, deleted, inserted] of patches.slice(from, from + PATCHES_PER_UPDATE)) {
        if (deleted > 0) text.delete(position, deleted);
        if (inserted !== "") text.insert(position, inserted);
      }
    });
  }
  return { updates, whole: Y.encodeStateAsUpdate(doc) };
}

function readPatches(path: string): Patch[] {
  const bytes = readFileSync(path);
  const json = path.endsWith(".gz") ? gunzipSync(bytes).toString("utf8") : bytes.toString("utf8");
  return Trace.parse(JSON.parse(json)).txns.flatMap(({ patches }) => patches);
}

/** Somebody who types on, goes elsewhere now and then, and takes a third of it back. */
function generatePatches(): Patch[] {
  const next = randomFrom(SEED);
  const random = (below: number) => Math.floor(next() * below);
  const patches: Patch[] = [];
  let length = 0;
  let cursor = 0;
  while (patches.length < GENERATED_PATCHES) {
    if (random(60) === 0) cursor = random(length + 1);
    if (random(4) === 0 && cursor > 0) {
      patches.push([--cursor, 1, ""]);
      length -= 1;
    } else {
      patches.push([cursor++, 0, String.fromCharCode(97 + random(26))]);
      length += 1;
    }
  }
  return patches;
}
