import type { ConvexClient } from "convex/browser";
import type { FunctionReturnType } from "convex/server";
import { expect, test } from "vitest";
import { api } from "./api";
import { httpClient, newRun, PATIENCE, useDeployment, withTwoClients } from "./deployment";

const deployment = useDeployment();

type Page = FunctionReturnType<typeof api.messages.page>;

/** Loads pages as `usePaginatedQuery` does: each begins where the one before it ended on its first run. */
class Pages {
  readonly pages: (Page | undefined)[] = [];
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly client: ConvexClient,
    private readonly place: { run: string; channel: string },
    private readonly numItems: number,
  ) {}

  async loadAll(): Promise<void> {
    for (let cursor: string | null = null; ;) {
      const last: Page = await this.load(cursor);
      if (last.isDone) return;
      cursor = last.continueCursor;
    }
  }

  ranks(): number[] {
    return this.pages.flatMap((page) => page?.page.map(({ rank }) => rank) ?? []);
  }

  stop(): void {
    for (const stop of this.stops) stop();
  }

  private load(cursor: string | null): Promise<Page> {
    const at = this.pages.push(undefined) - 1;
    return new Promise((resolve, reject) => {
      const stop = this.client.onUpdate(
        api.messages.page,
        { ...this.place, paginationOpts: { cursor, numItems: this.numItems } },
        (page) => {
          this.pages[at] = page;
          resolve(page);
        },
        reject,
      );
      this.stops.push(stop);
    });
  }
}

test("pages hold every row exactly once while rows are inserted and deleted at the head", async () => {
  await withTwoClients(deployment, async (reader, writer) => {
    const place = { run: newRun(), channel: "pages" };
    const newest = 30;
    await writer.mutation(api.messages.sendMany, {
      ...place,
      ranks: Array.from({ length: newest }, (_, i) => i),
    });
    const pages = new Pages(reader, place, 7);
    await pages.loadAll();
    expect(pages.pages.length).toBe(5);
    const all = async () => await writer.query(api.messages.ranks, { ...place, order: "desc" });
    expect(pages.ranks()).toEqual(await all());

    for (let step = 0; step < 12; step++) {
      if (step % 3 === 2) {
        const head = await writer.query(api.messages.page, {
          ...place,
          paginationOpts: { cursor: null, numItems: 5 },
        });
        // The head, and one in the middle of the first page.
        for (const message of [head.page[0], head.page[3]]) {
          if (message !== undefined) await writer.mutation(api.messages.remove, { id: message._id });
        }
      } else {
        await writer.mutation(api.messages.sendMany, {
          ...place,
          ranks: [newest + step, newest + step + 0.5],
        });
      }
    }
    // Rows at the very end and between two pages belong to exactly one page too.
    await writer.mutation(api.messages.sendMany, { ...place, ranks: [-1, 22.5, 23.5, 15.5] });
    const expected = await all();
    await expect.poll(() => pages.ranks(), PATIENCE).toEqual(expected);
    pages.stop();
  });
});

test("a page that is read once continues after the last row, whatever was deleted", async () => {
  const http = httpClient(deployment);
  const place = { run: newRun(), channel: "once" };
  await http.mutation(api.messages.sendMany, { ...place, ranks: [1, 2, 3, 4, 5] });
  const first = await http.query(api.messages.page, {
    ...place,
    paginationOpts: { cursor: null, numItems: 2 },
  });
  expect(first.page.map(({ rank }) => rank)).toEqual([5, 4]);
  expect(first.isDone).toBe(false);
  const last = first.page[1];
  if (last === undefined) throw new Error("the page has two rows");
  await http.mutation(api.messages.remove, { id: last._id });
  const second = await http.query(api.messages.page, {
    ...place,
    paginationOpts: { cursor: first.continueCursor, numItems: 10 },
  });
  expect(second.page.map(({ rank }) => rank)).toEqual([3, 2, 1]);
  expect(second.isDone).toBe(true);
});

test("a cursor of another query is refused as InvalidCursor", async () => {
  const http = httpClient(deployment);
  const place = { run: newRun(), channel: "cursor" };
  await http.mutation(api.messages.sendMany, { ...place, ranks: [1, 2, 3] });
  const { continueCursor } = await http.query(api.messages.page, {
    ...place,
    paginationOpts: { cursor: null, numItems: 1 },
  });
  for (const cursor of [continueCursor, "junk", ""]) {
    const other = { ...place, channel: "another", paginationOpts: { cursor, numItems: 1 } };
    await expect(http.query(api.messages.page, other)).rejects.toThrow("InvalidCursor");
  }
});

test("a page can be split at its splitCursor", async () => {
  const http = httpClient(deployment);
  const place = { run: newRun(), channel: "split" };
  await http.mutation(api.messages.sendMany, { ...place, ranks: [1, 2, 3, 4, 5, 6] });
  const read = async (cursor: string | null, endCursor?: string | null) =>
    await http.query(api.messages.page, {
      ...place,
      paginationOpts: { cursor, numItems: 4, endCursor: endCursor ?? null },
    });
  const whole = await read(null);
  const firstHalf = await read(null, whole.splitCursor);
  const secondHalf = await read(whole.splitCursor ?? null, whole.continueCursor);
  const ranks = [...firstHalf.page, ...secondHalf.page].map(({ rank }) => rank);
  expect(ranks).toEqual([6, 5, 4, 3]);
  expect(firstHalf.page.length).toBeGreaterThan(0);
  expect(secondHalf.page.length).toBeGreaterThan(0);
});
