/** What is alive in a page, counted in a snapshot of its heap. */
import type { Page } from "@playwright/test";
import { z } from "zod";

const Snapshot = z.object({
  snapshot: z.object({
    meta: z.object({ node_fields: z.array(z.string()), node_types: z.array(z.unknown()) }),
  }),
  nodes: z.array(z.number()),
  strings: z.array(z.string()),
});

/**
 * How many objects of each class there are after a garbage collection. Classes are known by name, so the page
 * must not be minified. A class itself does not count as one of its objects.
 */
export async function countObjects(page: Page, classes: string[]): Promise<Record<string, number>> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();

  const { snapshot, nodes, strings } = Snapshot.parse(JSON.parse(chunks.join("")));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [typeAt, nameAt] = [fields.indexOf("type"), fields.indexOf("name")];
  const object = z.array(z.string()).parse(types[typeAt]).indexOf("object");
  const counts = Object.fromEntries(classes.map((name) => [name, 0]));
  for (let node = 0; node < nodes.length; node += fields.length) {
    if (nodes[node + typeAt] !== object) continue;
    const name = strings[nodes[node + nameAt] ?? 0] ?? "";
    if (name in counts) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
