/** What all lists that come a page at a time have in common. */
import type { PaginationOptions, PaginationResult } from "convex/server";
import { LIST_PAGE_MAX } from "../protocol/limits";

/** What a client asks for, within bounds. */
export function pageOf(asked: PaginationOptions): PaginationOptions {
  return { ...asked, numItems: Math.min(asked.numItems, LIST_PAGE_MAX) };
}

/** A page as its reader sees it; `null` leaves a row out. */
export async function mapPage<Row, Shown>(
  page: PaginationResult<Row>,
  show: (row: Row) => Promise<Shown | null>,
): Promise<PaginationResult<Shown>> {
  const shown = await Promise.all(page.page.map(show));
  return { ...page, page: shown.filter((row) => row !== null) };
}
