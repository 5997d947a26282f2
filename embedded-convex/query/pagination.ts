/**
 * Pages. A cursor names the key that a page ends with, so the next page starts right after it, whatever is
 * inserted or deleted meanwhile. A page that is run again for a subscription is given the end of its first run
 * (the query's journal) and grows or shrinks between its two ends: pages never overlap and leave no gap.
 */
import { createHash } from "node:crypto";
import { successor, type IndexKey } from "../values/index_key";
import type { Transaction } from "../store/transaction";
import type { KeyRange } from "./index_range";
import { applyOperators, openQuery, openRange, orderedRange, type RowSource } from "./query_stream";
import type { SearchIndexes } from "./search";
import type { SerializedQuery } from "./serialized";

const END_CURSOR = "_end_cursor";

/** A page that had to read more rows than this asks its client to split it, as Convex does. */
const SPLIT_RECOMMENDED_ROWS = 8_192;

export interface PageOptions {
  cursor: string | null;
  endCursor: string | null;
  pageSize: number;
  maximumRowsRead: number | null;
}

export interface Page {
  /** Documents as JSON. */
  page: string[];
  isDone: boolean;
  continueCursor: string;
  splitCursor: string | null;
  pageStatus: "SplitRecommended" | "SplitRequired" | null;
}

export function readPage(
  transaction: Transaction,
  query: SerializedQuery,
  options: PageOptions,
  searches: SearchIndexes,
): Page {
  const ordered = orderedRange(transaction, query);
  if (ordered === null) return readSearchPage(transaction, query, options, searches);
  const { order } = ordered;
  const fingerprint = fingerprintOf(query);
  if (options.cursor === END_CURSOR) return emptyEnd();
  const start = options.cursor === null ? null : positionOf(options.cursor, fingerprint);
  const end =
    options.endCursor === null || options.endCursor === END_CURSOR
      ? options.endCursor
      : positionOf(options.endCursor, fingerprint);
  const range = between(ordered.range, order, start, end === END_CURSOR ? null : end);
  const cursorAt = (key: IndexKey): string => encodeCursor(key, fingerprint);

  const expected = end === null ? options.pageSize : undefined;
  const source = new MeteredSource(
    openRange(transaction, { ...ordered, range }, expected),
    options.maximumRowsRead ?? Infinity,
  );
  const rows = applyOperators(source, query.operators);
  const documents: { key: IndexKey; json: string }[] = [];
  let more = true;
  // With an end given, the page is all that lies before it.
  while (end !== null || documents.length < options.pageSize) {
    const row = rows.next();
    if (row === null) {
      more = source.stopped;
      break;
    }
    documents.push(row);
  }
  const { lastKey, rowsRead } = source;
  const truncated = more && end !== null;
  const middle = documents.length > 1 ? documents[Math.floor((documents.length - 1) / 2)] : undefined;
  const reachedEnd = !more && (end === null || end === END_CURSOR);
  const continueCursor = reachedEnd
    ? END_CURSOR
    : end !== null && end !== END_CURSOR && !truncated
      ? cursorAt(end)
      : lastKey === null
        ? (options.cursor ?? cursorAt(order === "asc" ? "" : "\xff"))
        : cursorAt(lastKey);
  return {
    page: documents.map(({ json }) => json),
    isDone: reachedEnd,
    continueCursor,
    splitCursor: middle === undefined ? null : cursorAt(middle.key),
    pageStatus: truncated ? "SplitRequired" : rowsRead > SPLIT_RECOMMENDED_ROWS ? "SplitRecommended" : null,
  };
}

/** Passes rows on and stops after so many, whatever filters drop of them later. */
class MeteredSource implements RowSource {
  rowsRead = 0;
  lastKey: IndexKey | null = null;
  stopped = false;

  constructor(
    private readonly source: RowSource,
    private readonly maximum: number,
  ) {}

  next(): ReturnType<RowSource["next"]> {
    if (this.rowsRead >= this.maximum) {
      this.stopped = true;
      return null;
    }
    const row = this.source.next();
    if (row !== null) {
      this.rowsRead += 1;
      this.lastKey = row.key;
    }
    return row;
  }
}

/** A search has no key order: its cursor counts results. */
function readSearchPage(
  transaction: Transaction,
  query: SerializedQuery,
  options: PageOptions,
  searches: SearchIndexes,
): Page {
  const fingerprint = fingerprintOf(query);
  if (options.cursor === END_CURSOR) return emptyEnd();
  const skip = options.cursor === null ? 0 : Number(positionOf(options.cursor, fingerprint));
  const end =
    options.endCursor === null
      ? skip + options.pageSize
      : options.endCursor === END_CURSOR
        ? Infinity
        : Number(positionOf(options.endCursor, fingerprint));
  const rows = openQuery(transaction, query, searches);
  const page: string[] = [];
  let position = 0;
  let row = rows.next();
  for (; row !== null && position < end; row = rows.next()) {
    if (position >= skip) page.push(row.json);
    position += 1;
  }
  const isDone = row === null;
  return {
    page,
    isDone,
    continueCursor: isDone ? END_CURSOR : encodeCursor(String(position), fingerprint),
    splitCursor: null,
    pageStatus: null,
  };
}

function between(
  range: KeyRange,
  order: "asc" | "desc",
  start: IndexKey | null,
  end: IndexKey | null,
): KeyRange {
  let { lower, upper } = range;
  if (order === "asc") {
    if (start !== null && successor(start) > lower) lower = successor(start);
    if (end !== null && successor(end) < upper) upper = successor(end);
  } else {
    if (start !== null && start < upper) upper = start;
    if (end !== null && end > lower) lower = end;
  }
  return { lower, upper: upper < lower ? lower : upper };
}

function emptyEnd(): Page {
  return { page: [], isDone: true, continueCursor: END_CURSOR, splitCursor: null, pageStatus: null };
}

/** Binds a cursor to its query: a cursor of another query would silently skip or repeat documents. */
function fingerprintOf(query: SerializedQuery): string {
  return createHash("sha256").update(JSON.stringify(query)).digest("base64url").slice(0, 16);
}

function encodeCursor(key: IndexKey, fingerprint: string): string {
  return `${fingerprint}.${Buffer.from(key, "latin1").toString("base64url")}`;
}

function positionOf(cursor: string, fingerprint: string): IndexKey {
  const [owner, key] = cursor.split(".");
  if (owner !== fingerprint || key === undefined) {
    throw new Error(
      "InvalidCursor: Tried to run a query starting from a cursor, but it looks like this cursor is from a different query.",
    );
  }
  return Buffer.from(key, "base64url").toString("latin1");
}
