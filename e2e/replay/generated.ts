/** A made-up session of two people, for where no recording is at hand. The same seed gives the same session. */
import * as Y from "yjs";
import type { Patch, Trace } from "./trace";

/** Mulberry32: small, seedable, good enough to decide who types where. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const WORDS = ["ripple ", "write ", "together ", "naïve ", "日本 ", "👋 ", "draw\n", "and "];

/**
 * Both type, delete and now and then read what the other wrote. Two Y.Docs with the client ids that the replay
 * uses say what comes out of it.
 */
export function generateTrace(seed: number, transactions = 2_000): Trace {
  const random = randomFrom(seed);
  const docs: [Y.Doc, Y.Doc] = [new Y.Doc(), new Y.Doc()];
  docs.forEach((doc, agent) => (doc.clientID = agent + 1));
  const heads: [number[], number[]] = [[], []];
  const txns: Trace["txns"] = [];

  const exchange = (from: 0 | 1, to: 0 | 1) => {
    Y.applyUpdate(docs[to], Y.encodeStateAsUpdate(docs[from], Y.encodeStateVector(docs[to])));
    heads[to] = [...new Set([...heads[to], ...heads[from]])];
  };
  while (txns.length < transactions) {
    const agent = random(2) === 0 ? 0 : 1;
    if (random(8) === 0) exchange(agent === 0 ? 1 : 0, agent);
    const text = docs[agent].getText("replay");
    const position = random(text.length + 1);
    // Whole code points only: half of an emoji is nobody's edit.
    const splits = /[\ud800-\udfff]/.test(text.toJSON().slice(Math.max(0, position - 1), position + 3));
    const patch: Patch =
      random(4) === 0 && !splits
        ? [position, Math.min(random(3), text.length - position), ""]
        : [splits ? text.length : position, 0, WORDS[random(WORDS.length)] ?? "word "];
    docs[agent].transact(() => {
      if (patch[1] > 0) text.delete(patch[0], patch[1]);
      if (patch[2] !== "") text.insert(patch[0], patch[2]);
    });
    txns.push({ agent, parents: heads[agent], patches: [patch] });
    heads[agent] = [txns.length - 1];
  }
  exchange(0, 1);
  const endContent = docs[1].getText("replay").toJSON();
  for (const doc of docs) doc.destroy();
  return { endContent, numAgents: 2, txns };
}
